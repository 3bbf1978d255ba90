-- What tools hand to the assistant while nobody types: each result is looked at, and so is the whole before a request.
local chats = dofile(vim.fs.joinpath(vim.fs.dirname(vim.env.DRIVE_SCRIPT), 'chats.lua'))
local seen, given = drive.seen, drive.given
chats.set_up()
local chat = chats.ask('look it up')
seen.first = chats.send(chat)
chat:add_tool_output('read_file', 'token = ' .. given.secret)
chat:add_tool_output('grep', 'nothing of note')
seen.told = drive.said('read_file')
table.insert(chat.messages, { role = 'user', content = 'watched: ' .. given.other })
chat:submit({ auto_submit = true })
drive.wait('a second request', function()
  return chats.requests() == 2
end)
seen.checkpoint = drive.said('went redacted')

-- the server is gone: what it has not seen is withheld, the rest of the chat stays
for _, client in ipairs(vim.lsp.get_clients({ name = 'tightlip' })) do
  client:stop(true)
end
require('tightlip.server').given_up = true
chat:add_tool_output('read_file', 'unseen ' .. given.other)
chat:submit({ auto_submit = true })
drive.wait('a third request', function()
  return chats.requests() == 3
end)
