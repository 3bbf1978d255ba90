-- The server dies while one types; then over and over.
local seen = drive.seen
drive.wait_for(1)

local function kill()
  local child = drive.wait('a server process', function()
    local children = vim.api.nvim_get_proc_children(vim.fn.getpid())
    return children[1]
  end)
  local id = drive.client().id
  vim.uv.kill(child, 'sigkill')
  drive.wait('the client is gone', function()
    return not vim.lsp.get_client_by_id(id)
  end)
end

kill()
seen.shown_while_dead = #vim.diagnostic.get(0)
vim.api.nvim_buf_set_lines(0, 0, 0, false, { '# typed while there was no server' })
vim.cmd.write()
seen.saved = vim.fn.readfile(vim.api.nvim_buf_get_name(0))[1]
seen.back = drive.wait_for(1)

for _ = 1, 3 do
  kill()
end
drive.wait('a word about it', function()
  return vim.iter(drive.messages):any(function(message)
    return message:find('no longer checked', 1, true) ~= nil
  end)
end)
vim.wait(1500)
seen.clients = #vim.lsp.get_clients()
vim.cmd('Tightlip restart')
seen.after_restart = drive.wait_for(1)
