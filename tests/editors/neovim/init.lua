-- A user's init.lua, as the README asks for it, and the driver that runs DRIVE_SCRIPT once Neovim has started.
if not vim.env.DRIVE_INSTALL then
  vim.opt.runtimepath:prepend(vim.env.TIGHTLIP_PLUGIN)
end
if vim.env.TIGHTLIP_COMMAND then
  vim.g.tightlip_cmd = vim.json.decode(vim.env.TIGHTLIP_COMMAND)
end
if vim.env.DRIVE_DISABLED then
  vim.g.tightlip_enabled = false
end
for _, folder in ipairs(vim.json.decode(vim.env.DRIVE_RUNTIME or '[]')) do
  vim.opt.runtimepath:append(folder)
end
for name, value in pairs(vim.json.decode(vim.env.DRIVE_GLOBALS or '{}')) do
  vim.g[name] = value
end
if vim.env.DRIVE_INSTALL then
  dofile(vim.fs.joinpath(vim.fs.dirname(vim.env.DRIVE_SCRIPT), 'install.lua'))
end
vim.lsp.config('tightlip', { init_options = { settings = vim.json.decode(vim.env.DRIVE_SETTINGS) } })

local drive = { given = vim.json.decode(vim.env.DRIVE_GIVEN), seen = vim.empty_dict(), messages = {} }
_G.drive = drive

local notify = vim.notify
vim.notify = function(message, level, options)
  table.insert(drive.messages, message)
  return notify(message, level, options)
end

--- Waits until `true_yet` returns something; ends the run when it never does.
function drive.wait(what, true_yet, milliseconds)
  local value
  local came = vim.wait(milliseconds or 40000, function()
    value = true_yet()
    return value
  end, 5)
  if not came then
    error('timeout: ' .. what .. '\n' .. table.concat(drive.messages, '\n') .. '\n' .. vim.fn.execute('messages'), 0)
  end
  return value
end

--- Waits for a message that holds `words`, and returns it.
function drive.said(words)
  return drive.wait('the message "' .. words .. '"', function()
    return vim.iter(drive.messages):find(function(message)
      return message:find(words, 1, true) ~= nil
    end)
  end)
end

--- The buffer's diagnostics, first to last, each with the text it covers.
function drive.diagnostics(buf)
  local list = vim.diagnostic.get(buf or 0)
  table.sort(list, function(a, b)
    return a.lnum < b.lnum or a.lnum == b.lnum and a.col < b.col
  end)
  return vim.tbl_map(function(d)
    local ok, text = pcall(vim.api.nvim_buf_get_text, d.bufnr, d.lnum, d.col, d.end_lnum, d.end_col, {})
    return {
      line = d.lnum,
      column = d.col,
      text = ok and table.concat(text, '\n') or vim.NIL,
      message = d.message,
      source = d.source,
      code = d.code,
      severity = vim.diagnostic.severity[d.severity],
    }
  end, list)
end

--- Waits for `count` diagnostics in the current buffer.
function drive.wait_for(count)
  return drive.wait(count .. ' diagnostics', function()
    local list = drive.diagnostics()
    return #list == count and list
  end)
end

function drive.client()
  return drive.wait('the server', function()
    local client = vim.lsp.get_clients({ name = 'tightlip' })[1]
    return client and client.initialized and client
  end)
end

function drive.text(buf)
  return table.concat(vim.api.nvim_buf_get_lines(buf or 0, 0, -1, false), '\n')
end

--- Code actions at the cursor, as `gra` offers them.
function drive.actions(only)
  local client = drive.client()
  local parameters = vim.lsp.util.make_range_params(0, client.offset_encoding)
  parameters.context = { diagnostics = {}, only = only, triggerKind = 1 }
  local answer = client:request_sync('textDocument/codeAction', parameters, 10000, 0)
  return assert(answer and not answer.err and answer.result, vim.inspect(answer))
end

--- Chooses the one action at the cursor whose title `chosen` accepts, and waits until the text has changed.
function drive.act(chosen, only)
  local before = vim.api.nvim_buf_get_changedtick(0)
  vim.lsp.buf.code_action({ context = { only = only, diagnostics = {} }, filter = chosen, apply = true })
  drive.wait('a changed text', function()
    return vim.api.nvim_buf_get_changedtick(0) ~= before
  end)
end

vim.api.nvim_create_autocmd('VimEnter', {
  callback = vim.schedule_wrap(function()
    local ok, trouble = xpcall(dofile, debug.traceback, vim.env.DRIVE_SCRIPT)
    if not ok then
      io.stdout:write(trouble .. '\n')
      return vim.cmd('cquit 1')
    end
    drive.seen.messages = drive.messages
    vim.fn.writefile({ vim.json.encode(drive.seen) }, vim.env.DRIVE_SEEN)
    vim.cmd('qall!')
  end),
})
