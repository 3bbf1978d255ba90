-- The deep lane's process is killed while one types.
local status = require('tightlip.status')
local seen = drive.seen
drive.wait_for(1)
drive.wait('the worker', function()
  return status.worker() == 'ready'
end, 60000)

local server = vim.api.nvim_get_proc_children(vim.fn.getpid())[1]
local children =
  'import sys, psutil; print(*(c.pid for c in psutil.Process(int(sys.argv[1])).children(recursive=True)))'
local function workers() -- Neovim's own list leaves out what another thread than the first has started
  return vim.split(
    vim.trim(vim.fn.system({ vim.g.tightlip_cmd[1], '-c', children, server })),
    ' ',
    { trimempty = true }
  )
end
seen.workers = #workers()
for _, process in ipairs(workers()) do
  vim.uv.kill(tonumber(process), 'sigkill')
end
for turn = 1, 6 do
  vim.api.nvim_buf_set_lines(0, 0, 1, false, { turn % 2 == 1 and drive.given.line or 'clean = 1' })
  drive.wait_for(turn % 2 == 1 and 2 or 1)
end
seen.same_server = vim.api.nvim_get_proc_children(vim.fn.getpid())[1] == server
vim.api.nvim_buf_set_lines(0, -1, -1, false, { 'more = 1' })
drive.wait('the worker again', function()
  return status.worker() == 'ready' and #workers() > 0
end, 60000)
