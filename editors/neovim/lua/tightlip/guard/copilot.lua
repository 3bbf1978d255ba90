--- copilot.lua: attached to a buffer it may read all of it, so it gets no buffer that may not leave, and is taken off
--- one in which something is found later. The same holds for any other client of Copilot's server.
local check = require('tightlip.guard.check')
local server = require('tightlip.server')
local settings = require('tightlip.settings')
local text = require('tightlip.text')

local M = {}

local SURFACE = 'neovim:copilot'
local NAMES = { ['copilot'] = true, ['GitHub Copilot'] = true, ['copilot_ls'] = true }

local waiting = {} ---@type table<integer, true> refused until the server has looked at them
local taken_off = {} ---@type table<integer, true> detached because of what is in them

local function part_of(buf)
  local name = vim.api.nvim_buf_get_name(buf)
  return { text = text.of(buf), uri = name ~= '' and vim.uri_from_bufnr(buf) or nil, languageId = vim.bo[buf].filetype }
end

---@param buf integer
---@param _ string its name
---@return boolean
function M.should_attach(buf, _)
  if not vim.bo[buf].buflisted or vim.bo[buf].buftype ~= '' then
    return false -- as copilot.lua's own default has it, which this one replaces
  elseif settings.guard('send') == 'off' or not require('tightlip').enabled() then
    return true
  end
  local client = server.client()
  if client and client.initialized then
    local may = check.judge({ part_of(buf) }, SURFACE).may == 'send'
    waiting[buf] = not may or nil
    return may
  end
  -- no window waits for a server that starts: Copilot is offered the buffer once it is known
  waiting[buf] = true
  M._look_when_ready(buf)
  return settings.sends_unanswered() and server.trouble() ~= nil
end

--- Copilot's clients on a buffer.
local function attached(buf)
  return vim.tbl_filter(function(client)
    return NAMES[client.name] == true
  end, vim.lsp.get_clients({ bufnr = buf }))
end

local function detach(buf, why)
  for _, client in ipairs(attached(buf)) do
    vim.lsp.buf_detach_client(buf, client.id)
  end
  taken_off[buf] = true
  local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buf), ':t')
  local message = 'tightlip: Copilot no longer reads %s. %s It comes back when that is gone.'
  vim.notify(message:format(name ~= '' and name or 'this buffer', why), vim.log.levels.WARN)
end

--- Offers copilot.lua a buffer again; it asks `should_attach` itself.
local function offer(buf)
  local copilot = package.loaded['copilot.client']
  if copilot and copilot.buf_attach and #attached(buf) == 0 then
    pcall(copilot.buf_attach, false, buf)
  end
end

--- A buffer was looked at: `User TightlipStatus`.
---@param arguments vim.api.keyset.create_autocmd.callback_args
function M.on_event(arguments)
  local buf, state = arguments.data.buf, arguments.data.state
  local is_read = #attached(buf) > 0
  if not (is_read or waiting[buf] or taken_off[buf]) or settings.guard('send') == 'off' then
    return
  end
  if is_read and state == 'safe' then
    return
  end
  check.judge_later({ part_of(buf) }, SURFACE, function(verdict)
    if not vim.api.nvim_buf_is_loaded(buf) then
      waiting[buf], taken_off[buf] = nil, nil
    elseif #attached(buf) > 0 and verdict.may ~= 'send' then
      detach(buf, verdict.sentence)
    elseif #attached(buf) == 0 and verdict.may == 'send' then
      waiting[buf], taken_off[buf] = nil, nil
      offer(buf)
    end
  end)
end

--- Starts the server where nothing else does, and looks at a buffer as soon as it can.
function M._look_when_ready(buf)
  local tries = 0
  local function look()
    local client = server.client() or (require('tightlip').start() and server.client())
    tries = tries + 1
    if client and client.initialized then
      M.on_event({ data = { buf = buf, state = 'checking' } })
    elseif tries < 100 and vim.api.nvim_buf_is_loaded(buf) and not server.trouble() then
      vim.defer_fn(look, 100)
    end
  end
  vim.schedule(look)
end

function M.report()
  if #vim.api.nvim_get_runtime_file('lua/copilot/init.lua', false) == 0 then
    return nil
  end
  local told = { plugin = 'copilot.lua' }
  local config = package.loaded['copilot.config']
  local chosen = type(config) == 'table' and config.should_attach
  if settings.guard('send') == 'off' then
    return vim.tbl_extend('error', told, { state = 'off', sentence = 'switched off by vim.g.tightlip_guard_send' })
  elseif not chosen then
    return vim.tbl_extend('error', told, { state = 'off', sentence = 'not loaded yet' })
  elseif chosen ~= require('tightlip.guard').should_attach then
    return vim.tbl_extend('error', told, {
      state = 'warn',
      sentence = 'reads a buffer until something is found in it',
      advice = "Set should_attach = require('tightlip.guard').should_attach, see :help tightlip-guards",
    })
  end
  return vim.tbl_extend('error', told, { state = 'ok', sentence = 'reads no buffer that may not leave' })
end

return M
