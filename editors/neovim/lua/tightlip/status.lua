--- How each buffer stands, for the status line and `:Tightlip status`.
local policy = require('tightlip.policy')

local M = {}

---@class tightlip.Status
---@field uri string
---@field state 'safe'|'findings'|'restricted'|'checking'
---@field count integer
---@field worker 'off'|'starting'|'ready'|'busy'|'failed' the deep lane's process
---@field sentence string? what there is to say about it

local SHOWN_AFTER_MS = 500 -- a check is mostly done sooner, and a word that flickers is noise

local by_uri = {} ---@type table<string, tightlip.Status>
local since = {} ---@type table<string, integer> when a check began that is not done, in milliseconds
local worker ---@type string?

local function now()
  return math.floor(vim.uv.hrtime() / 1e6)
end

---@param status tightlip.Status
function M.set(status)
  local uri = status.uri
  worker = status.worker
  if status.state == 'checking' then
    since[uri] = since[uri] or now()
    vim.defer_fn(function()
      if since[uri] then
        vim.cmd.redrawstatus()
      end
    end, SHOWN_AFTER_MS)
    return
  end
  since[uri] = nil
  by_uri[uri] = status
  vim.cmd.redrawstatus()
  local client = require('tightlip.server').client()
  for buf in pairs(client and client.attached_buffers or {}) do
    if vim.api.nvim_buf_is_loaded(buf) and vim.uri_from_bufnr(buf) == uri then
      M.tell(buf)
    end
  end
end

--- Lets others know that a buffer was looked at: the event `User TightlipStatus`.
---@param buf integer
function M.tell(buf)
  local status = M.get(buf)
  if status then
    local data = { buf = buf, state = status.state, count = status.count }
    vim.api.nvim_exec_autocmds('User', { pattern = 'TightlipStatus', modeline = false, data = data })
  end
end

function M.server_gone()
  by_uri, since, worker = {}, {}, nil
  vim.cmd.redrawstatus()
end

---@param buf integer? the current buffer if nil or 0
---@return tightlip.Status?
function M.get(buf)
  buf = buf or 0
  local uri = vim.uri_from_bufnr(buf)
  local known = by_uri[uri] or require('tightlip.unnamed').status(buf)
  if since[uri] and (not known or now() - since[uri] >= SHOWN_AFTER_MS) then
    return { uri = uri, state = 'checking', count = known and known.count or 0, worker = worker }
  end
  return known
end

--- The state of the server's worker process, as it was told last.
function M.worker()
  return worker
end

local function of_buffer(buf)
  local status = M.get(buf)
  if not status then
    return ''
  elseif status.state == 'restricted' then
    return 'restricted'
  elseif status.state == 'checking' then
    local uri = status.uri
    return since[uri] and now() - since[uri] >= SHOWN_AFTER_MS and 'checking' or ''
  end
  return status.count > 0 and tostring(status.count) or ''
end

--- A few letters for the status line; nothing when there is nothing to say.
---@param buf integer?
---@return string
function M.short(buf)
  if require('tightlip.server').trouble() and require('tightlip').enabled() then
    return 'tightlip: not running'
  end
  local parts = vim.tbl_filter(function(part)
    return part ~= ''
  end, { of_buffer(type(buf) == 'number' and buf or nil), policy.short() })
  return #parts > 0 and 'tightlip: ' .. table.concat(parts, ', ') or ''
end

return M
