-- A question with a secret, then without; what the person is told, and the way out.
local chats = dofile(vim.fs.joinpath(vim.fs.dirname(vim.env.DRIVE_SCRIPT), 'chats.lua'))
local seen = drive.seen
chats.set_up()

local chat = chats.ask('why is this refused?\n' .. drive.given.secret .. '\n')
seen.marked = vim.tbl_map(
  function(found)
    return found.text
  end,
  drive.wait('a mark in the chat', function()
    local list = drive.diagnostics(chat.bufnr)
    return #list > 0 and list
  end)
)
seen.with_secret = chats.send(chat)
seen.told = drive.said('not sent')
seen.kept = chats.text(chat):find(drive.given.secret, 1, true) ~= nil
seen.times = #vim.tbl_filter(function(message)
  return message:find('not sent', 1, true) ~= nil
end, drive.messages)

vim.api.nvim_set_current_buf(chat.bufnr)
vim.cmd('Tightlip redact!')
seen.said = drive.said('redacted in this chat')
seen.after_redaction = chats.send(chat)

seen.without = chats.send(chats.ask('what is a list?'))
