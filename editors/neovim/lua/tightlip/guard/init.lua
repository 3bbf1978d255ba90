--- What stands between Neovim's assistants and what they should not receive.
local M = {}

--- For copilot.lua's setting `should_attach`: false for what may not be shared, and while that is not known yet.
---@param buf integer
---@param name string
---@return boolean
function M.should_attach(buf, name)
  return require('tightlip.guard.copilot').should_attach(buf, name)
end

--- For CopilotChat.nvim's setting `providers`: a provider that sends nothing it should not.
---@generic T: table
---@param provider T
---@return T
function M.copilot_chat(provider)
  return require('tightlip.guard.copilot_chat').guarded(provider)
end

local function on(event, pattern, what, name)
  vim.api.nvim_create_autocmd(event, {
    group = 'tightlip.guard',
    pattern = pattern,
    desc = 'tightlip: ' .. what,
    callback = function(arguments)
      if not require('tightlip').enabled() then
        return
      end
      local ok, trouble = pcall(require('tightlip.guard.' .. name).on_event, arguments)
      if not ok then
        local message = 'tightlip: the guard "%s" does not work here, so nothing is checked there. %s'
        vim.notify_once(message:format(name, trouble), vim.log.levels.ERROR)
      end
    end,
  })
end

--- Sets up the guards that need nothing from the user's configuration. None of them loads a plug-in.
function M.setup()
  vim.api.nvim_create_augroup('tightlip.guard', {})
  on('User', 'CodeCompanionChatCreated', 'check what a chat sends', 'codecompanion')
  on('User', { 'AvanteInputSubmitted', 'AvanteEditSubmitted' }, 'warn of what avante sends', 'avante')
  on('User', 'TightlipStatus', 'keep Copilot out of what it should not read', 'copilot')
  on('TextYankPost', '*', 'warn of what goes to the clipboard', 'yank')
end

--- How each assistant's plug-in on this machine is guarded, for `:checkhealth`.
---@return { plugin: string, state: 'ok'|'warn'|'off', sentence: string, advice: string? }[]
function M.report()
  local found = {}
  for _, name in ipairs({ 'codecompanion', 'copilot_chat', 'copilot', 'avante' }) do
    local told = require('tightlip.guard.' .. name).report()
    if told then
      table.insert(found, told)
    end
  end
  return found
end

return M
