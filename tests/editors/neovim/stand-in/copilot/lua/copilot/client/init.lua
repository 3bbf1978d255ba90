-- copilot.lua's client: buffers are attached, one turn of the loop after they got a file type, to a language server.
-- This server runs in Neovim itself and keeps what it was given to read.
local config = require('copilot.config')

local M = { id = nil, read = {} }

local function server()
  local closing = false
  return {
    request = function(method, _, callback)
      callback(nil, method == 'initialize' and { capabilities = { textDocumentSync = 1 } } or vim.NIL)
      return true, 1
    end,
    notify = function(method, parameters)
      if method == 'textDocument/didOpen' then
        table.insert(M.read, vim.fs.basename(vim.uri_to_fname(parameters.textDocument.uri)))
      end
      return true
    end,
    is_closing = function()
      return closing
    end,
    terminate = function()
      closing = true
    end,
  }
end

function M.buf_is_attached(buf)
  return M.id and vim.lsp.buf_is_attached(buf, M.id)
end

function M.buf_attach(force, buf)
  if not vim.api.nvim_buf_is_valid(buf) or M.buf_is_attached(buf) then
    return
  elseif force or config.should_attach(buf, vim.api.nvim_buf_get_name(buf)) then
    vim.lsp.buf_attach_client(buf, M.id)
  end
end

function M.setup()
  M.id = vim.lsp.start({ name = 'copilot', cmd = server }, { attach = false })
  vim.api.nvim_create_autocmd('FileType', {
    callback = function(event)
      vim.schedule(function()
        M.buf_attach(false, event.buf)
      end)
    end,
  })
end

return M
