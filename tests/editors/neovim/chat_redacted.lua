-- vim.g.tightlip_guard_send = 'redact': the chat is sent, and the value is in neither the request nor the chat.
local chats = dofile(vim.fs.joinpath(vim.fs.dirname(vim.env.DRIVE_SCRIPT), 'chats.lua'))
local seen = drive.seen
chats.set_up()
local chat = chats.ask('why is this refused?\n' .. drive.given.secret .. '\nthanks')
vim.bo[chat.bufnr].modifiable = false -- as some versions lock the chat while they send it
seen.sent = chats.send(chat)
seen.told = drive.said('redacted before this was sent')
seen.chat = chats.text(chat)

-- the assistant asks with the placeholder; the answer is read with the value in its place
vim.bo[chat.bufnr].modifiable = true
vim.api.nvim_set_current_buf(chat.bufnr)
vim.cmd('Tightlip restore')
drive.said('put back')
chats.type(chat, 'and now?')
seen.again = chats.send(chat)
