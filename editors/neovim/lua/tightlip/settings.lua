--- The guards' settings in `vim.g`, and what a policy forbids to switch off.
local policy = require('tightlip.policy')

local M = {}

--- What each may be; the first is the default.
local choices = {
  guard_send = { 'block', 'redact', 'off' },
  guard_copy = { 'warn', 'off' },
  guard_unanswered = { 'block', 'send' },
}
local SECONDS = 3

local function name_of(setting)
  return 'tightlip_' .. setting
end

local function chosen(setting)
  local value = vim.g[name_of(setting)]
  return vim.list_contains(choices[setting], value) and value or choices[setting][1]
end

--- How a guard works: `send` is "block", "redact" or "off", `copy` is "warn" or "off". Never "off" where the policy
--- requires it.
---@param part 'send'|'copy'
---@return string
function M.guard(part)
  local value = chosen('guard_' .. part)
  return value == 'off' and policy.requires(part) and choices['guard_' .. part][1] or value
end

--- Whether a guard is set to off and the policy keeps it on.
---@param part 'send'|'copy'
---@return boolean
function M.overruled(part)
  return chosen('guard_' .. part) ~= M.guard(part)
end

--- Whether text may go that the server did not answer about.
---@return boolean
function M.sends_unanswered()
  return chosen('guard_unanswered') == 'send' and not policy.requires('send')
end

--- How long a guard waits for the server, in milliseconds.
---@return integer
function M.patience()
  local seconds = tonumber(vim.g.tightlip_guard_seconds) or SECONDS
  return math.floor(math.max(seconds, 0.1) * 1000)
end

--- What is set and means nothing, a sentence each.
---@return string[]
function M.problems()
  local found = {}
  for setting, words in pairs(choices) do
    local value = vim.g[name_of(setting)]
    if value ~= nil and not vim.list_contains(words, value) then
      local message = 'vim.g.%s is %s; it can be "%s". "%s" holds.'
      table.insert(found, message:format(name_of(setting), vim.inspect(value), table.concat(words, '", "'), words[1]))
    end
  end
  local seconds = vim.g.tightlip_guard_seconds
  if seconds ~= nil and not tonumber(seconds) then
    table.insert(found, ('vim.g.tightlip_guard_seconds is no number; %d holds.'):format(SECONDS))
  end
  table.sort(found)
  return found
end

return M
