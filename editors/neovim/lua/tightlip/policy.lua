--- How the policy stands, as the server told it last. What it requires holds on when the server is gone.
local M = {}

---@class tightlip.Policy
---@field state 'ok'|'absent'|'problem'|'untrusted'
---@field sentence string
---@field files string[] URIs
---@field problems { uri: string?, line: integer?, message: string }[]
---@field required string[] guards that may not be switched off
---@field organisation { state: 'trusted'|'signed'|'untrusted'|'stale'|'absent', sentence: string }?

local told ---@type tightlip.Policy?

--- How often it was told: what was found clean under another policy is looked at again.
M.generation = 0

---@param state tightlip.Policy
function M.set(state)
  told = state
  M.generation = M.generation + 1
  vim.cmd.redrawstatus()
  local settings = require('tightlip.settings')
  for _, part in ipairs({ 'send', 'copy' }) do
    if settings.overruled(part) then
      local message = 'tightlip: the policy requires the guard "%s", so vim.g.tightlip_guard_%s = "off" does nothing.'
      vim.notify_once(message:format(part, part), vim.log.levels.WARN)
    end
  end
end

---@return tightlip.Policy?
function M.get()
  return told
end

--- Whether the policy forbids to switch a guard off.
---@param part string
---@return boolean
function M.requires(part)
  return told ~= nil and vim.list_contains(told.required or {}, part)
end

--- For the status line: two words, or nothing while all is well.
---@return string
function M.short()
  local state = told and told.state
  return state == 'untrusted' and 'policy untrusted' or state == 'problem' and 'policy problem' or ''
end

return M
