--- avante.nvim: its events tell what was asked and cannot stop it, so there is a warning only.
local check = require('tightlip.guard.check')
local settings = require('tightlip.settings')
local text = require('tightlip.text')

local M = {}

local SURFACE = 'neovim:avante'

--- The question, and the files that lie open beside it, as far as this avante.nvim tells.
local function parts_of(request)
  local parts = { { text = request, languageId = 'markdown' } }
  local ok, sidebar = pcall(function()
    return (require('avante').get())
  end)
  local code = ok and type(sidebar) == 'table' and vim.tbl_get(sidebar, 'code', 'bufnr')
  if type(code) == 'number' and vim.api.nvim_buf_is_loaded(code) and vim.api.nvim_buf_get_name(code) ~= '' then
    local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(code), ':t')
    local part =
      { text = text.of(code), uri = vim.uri_from_bufnr(code), languageId = vim.bo[code].filetype, name = name }
    table.insert(parts, part)
  end
  return parts
end

--- What was asked of avante: `User AvanteInputSubmitted` and `User AvanteEditSubmitted`.
---@param arguments vim.api.keyset.create_autocmd.callback_args
function M.on_event(arguments)
  local request = type(arguments.data) == 'table' and arguments.data.request
  if type(request) ~= 'string' or settings.guard('send') == 'off' then
    return
  end
  check.judge_later(parts_of(request), SURFACE, function(verdict)
    if verdict.sentence ~= '' then
      local message = 'tightlip: avante.nvim was not stopped, for it cannot be. %s'
      vim.notify(message:format(verdict.sentence), vim.log.levels.WARN)
    end
  end)
end

function M.report()
  if #vim.api.nvim_get_runtime_file('lua/avante/init.lua', false) == 0 then
    return nil
  elseif settings.guard('send') == 'off' then
    return { plugin = 'avante.nvim', state = 'off', sentence = 'switched off by vim.g.tightlip_guard_send' }
  end
  return {
    plugin = 'avante.nvim',
    state = 'warn',
    sentence = 'only warned about: it cannot be stopped before it sends',
    advice = 'Redact before you ask: :Tightlip copy, :Tightlip redact!',
  }
end

return M
