--- CopilotChat.nvim: `prepare_input` of a provider is the last step before a request. An error there stops it, and
--- CopilotChat shows the error in the chat.
local check = require('tightlip.guard.check')
local settings = require('tightlip.settings')

local M = {}

---@type tightlip.Way
local WAY = {
  surface = 'neovim:CopilotChat',
  curable = true,
  cure = 'Take it out of the question, or begin a new chat.',
  elsewhere = 'Take the file out of the chat.',
}
local ASSISTANT = 'assistant'

local guarded = setmetatable({}, { __mode = 'k' }) ---@type table<function, true>

--- After an answer over the network Neovim lets no code ask or show anything until the coroutine is scheduled anew.
local function on_the_main_loop()
  if vim.in_fast_event() then
    require('plenary.async.util').scheduler()
  end
end

--- A file is handed over with a first line that names it.
local function uri_in(content)
  local named = content:match('^# (file:%S+)') or content:match('^#[^\n]*\n```%S* path=(%S+)')
  if not named or vim.startswith(named, 'file:') then
    return named
  end
  local path = vim.fn.fnamemodify(named, ':p')
  return vim.uv.fs_stat(path) and vim.uri_from_fname(path) or nil
end

--- Everything but the assistant's own words; `slots` says by number of part which input it is.
local function parts_of(inputs)
  local parts, slots = {}, {}
  for index, input in ipairs(inputs) do
    if input.role ~= ASSISTANT and type(input.content) == 'string' then
      table.insert(parts, { text = input.content, uri = uri_in(input.content), languageId = 'markdown' })
      slots[#parts] = index
    end
  end
  return parts, slots
end

--- The inputs as they may go; raises when they may not.
---@param inputs table[]
---@return table[]
local function looked_at(inputs)
  on_the_main_loop()
  if check.is_off() then
    return inputs
  end
  local parts, slots = parts_of(inputs)
  local verdict = check.judge(parts, WAY.surface)
  local outcome = check.settle(parts, verdict, WAY)
  if outcome == 'stop' then
    error('tightlip: ' .. check.refusal(verdict, WAY), 0)
  elseif outcome == 'send' then
    if verdict.sentence ~= '' then
      vim.notify_once('tightlip: sent. ' .. verdict.sentence, vim.log.levels.WARN)
    end
    return inputs
  end
  inputs = vim.deepcopy(inputs)
  for index, answer in pairs(verdict.answers) do
    inputs[slots[index]].content = answer.redacted
  end
  vim.notify('tightlip: sent redacted. ' .. verdict.sentence)
  return inputs
end

---@generic T: table
---@param provider T
---@return T
function M.guarded(provider)
  assert(
    type(provider) == 'table' and provider.prepare_input,
    'tightlip: this is no provider: it has no "prepare_input"'
  )
  local prepare = provider.prepare_input
  if guarded[prepare] then
    return provider
  end
  local function safe_prepare(inputs, options)
    return prepare(looked_at(inputs), options)
  end
  guarded[safe_prepare] = true
  return vim.tbl_extend('force', provider, { prepare_input = safe_prepare })
end

--- Names of the providers in use that are guarded, and of those that are not; nil before CopilotChat was set up.
local function providers()
  local chat = package.loaded['CopilotChat']
  local all = type(chat) == 'table' and vim.tbl_get(chat, 'config', 'providers')
  if type(all) ~= 'table' then
    return nil
  end
  local safe, open = {}, {}
  for name, provider in pairs(all) do
    if type(provider) == 'table' and not provider.disabled and provider.prepare_input then
      table.insert(guarded[provider.prepare_input] and safe or open, name)
    end
  end
  table.sort(safe)
  table.sort(open)
  return safe, open
end

function M.report()
  if #vim.api.nvim_get_runtime_file('lua/CopilotChat/init.lua', false) == 0 then
    return nil
  end
  local told = { plugin = 'CopilotChat.nvim' }
  local safe, open = providers()
  if settings.guard('send') == 'off' then
    return vim.tbl_extend('error', told, { state = 'off', sentence = 'switched off by vim.g.tightlip_guard_send' })
  elseif not safe then
    return vim.tbl_extend('error', told, { state = 'off', sentence = 'not loaded yet' })
  elseif #open > 0 then
    return vim.tbl_extend('error', told, {
      state = 'warn',
      sentence = 'not guarded: ' .. table.concat(open, ', '),
      advice = "Put require('tightlip.guard').copilot_chat(provider) into its setting providers, see :help tightlip-guards",
    })
  end
  return vim.tbl_extend('error', told, { state = 'ok', sentence = 'guarded: ' .. table.concat(safe, ', ') })
end

return M
