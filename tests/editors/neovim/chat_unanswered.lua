-- No answer from the server: nothing goes, unless the setting says otherwise.
local chats = dofile(vim.fs.joinpath(vim.fs.dirname(vim.env.DRIVE_SCRIPT), 'chats.lua'))
local seen = drive.seen
chats.set_up()
local chat = chats.ask('what is a list?')
if drive.given.freeze then
  drive.client()
  vim.uv.kill(vim.api.nvim_get_proc_children(vim.fn.getpid())[1], 'sigstop')
end
local began = vim.uv.hrtime()
seen.sent = chats.send(chat)
seen.seconds = (vim.uv.hrtime() - began) / 1e9
vim.g.tightlip_guard_unanswered = 'send'
seen.sent_open = chats.send(chat)
if drive.given.freeze then
  vim.uv.kill(vim.api.nvim_get_proc_children(vim.fn.getpid())[1], 'sigkill')
end
