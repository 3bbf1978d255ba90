--- tightlip in Neovim: which buffers the language server sees, and when.
local server = require('tightlip.server')

local M = {}

--- For the status line: `%{%v:lua.require'tightlip'.status()%}`.
M.status = require('tightlip.status').short

--- Whether the language server is given a buffer. One without a name has no URI of its own in Neovim
--- (each is "file://"), so it is checked by `tightlip.unnamed` instead.
---@param buf integer
---@return boolean
function M.serves(buf)
  if server.given_up or not vim.api.nvim_buf_is_loaded(buf) then
    return false
  end
  return vim.bo[buf].buftype == '' and vim.api.nvim_buf_get_name(buf) ~= ''
end

function M.enabled()
  if vim.lsp.is_enabled then -- not in Neovim 0.11.0
    return vim.lsp.is_enabled('tightlip')
  end
  return vim.g.tightlip_enabled ~= false
end

--- Gives a buffer to the server and starts it where it does not run. `vim.lsp.enable` does the same, but only for
--- buffers that get a file type: a file "credentials" or "dump" has none.
---@param buf integer
function M.attach(buf)
  if not M.enabled() or not M.serves(buf) then
    return
  end
  M._start(buf, { bufnr = buf })
end

--- Starts the server without a buffer.
---@return integer? client
function M.start()
  if M.enabled() and not server.given_up then
    return M._start(vim.api.nvim_get_current_buf(), { attach = false })
  end
end

function M._start(buf, how)
  local config = vim.lsp.config.tightlip
  if type(config.cmd) == 'table' and vim.fn.executable(config.cmd[1]) == 0 then
    local _, why = server.program()
    server.missing = why
    vim.cmd.redrawstatus()
    vim.notify_once(('tightlip checks nothing: %s\n%s'):format(why, server.advice), vim.log.levels.WARN)
    return
  end
  server.missing = nil
  config = vim.deepcopy(config)
  config.root_dir = vim.fs.root(buf, config.root_markers)
  how.reuse_client = config.reuse_client
  return vim.lsp.start(config, how)
end

function M.attach_all()
  for _, buf in ipairs(vim.api.nvim_list_bufs()) do
    M.attach(buf)
  end
end

--- When the server has a buffer.
---@param client vim.lsp.Client
---@param buf integer
function M.on_attach(client, buf)
  M._add_folder(client, vim.fs.root(buf, vim.lsp.config.tightlip.root_markers))
  M.name_findings(vim.lsp.diagnostic.get_namespace(client.id, false))
  M.name_findings(vim.lsp.diagnostic.get_namespace(client.id, true))
end

--- Names the findings of a line at its end, where the user has not chosen how diagnostics look: Neovim by itself shows
--- a letter in the margin and no word.
---@param namespace integer
function M.name_findings(namespace)
  local chosen = vim.diagnostic.config() or {}
  if chosen.virtual_text or chosen.virtual_lines then
    return
  end
  local function name(diagnostic)
    local title = diagnostic.message:match('^(.-):%s') or diagnostic.message
    local others = #vim.diagnostic.get(diagnostic.bufnr, { lnum = diagnostic.lnum, namespace = namespace }) - 1
    return others > 0 and ('%s +%d'):format(title, others) or title
  end
  vim.diagnostic.config({ virtual_text = { prefix = '', spacing = 2, format = name }, severity_sort = true }, namespace)
end

function M._add_folder(client, root)
  local folders = client.workspace_folders or {}
  if not root or not client:supports_method('workspace/didChangeWorkspaceFolders') then
    return
  end
  for _, folder in ipairs(folders) do
    if folder.name == root then
      return
    end
  end
  local folder = { name = root, uri = vim.uri_from_fname(root) }
  client.workspace_folders = vim.list_extend({ folder }, folders)
  client:notify('workspace/didChangeWorkspaceFolders', { event = { added = { folder }, removed = {} } })
end

return M
