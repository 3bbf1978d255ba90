--- What the server says about each buffer, for the status line and `:Tightlip status`.
local M = {}

---@class tightlip.Status
---@field uri string
---@field state 'safe'|'findings'|'restricted'|'checking'
---@field count integer
---@field worker 'off'|'starting'|'ready'|'busy'|'failed' the deep lane's process

local by_uri = {} ---@type table<string, tightlip.Status>
local worker ---@type string?

---@param status tightlip.Status
function M.set(status)
  by_uri[status.uri] = status
  worker = status.worker
  vim.cmd.redrawstatus()
end

function M.server_gone()
  by_uri = {}
  worker = nil
  vim.cmd.redrawstatus()
end

---@param buf integer? the current buffer if nil or 0
---@return tightlip.Status?
function M.get(buf)
  buf = buf or 0
  return by_uri[vim.uri_from_bufnr(buf)] or require('tightlip.unnamed').status(buf)
end

--- The state of the server's worker process, as it was told last.
function M.worker()
  return worker
end

--- A few letters for the status line; nothing when there is nothing to say.
---@param buf integer?
---@return string
function M.short(buf)
  local status = M.get(buf)
  if not status then
    return ''
  elseif status.state == 'restricted' then
    return 'tightlip: restricted'
  elseif status.count > 0 then
    return 'tightlip: ' .. status.count
  end
  return ''
end

return M
