-- The policy asks: the person chooses, once for the same value.
local chats = dofile(vim.fs.joinpath(vim.fs.dirname(vim.env.DRIVE_SCRIPT), 'chats.lua'))
local seen, given = drive.seen, drive.given
chats.set_up()
vim.api.nvim_list_uis = function() -- somebody is there to answer
  return { {} }
end
seen.asked = {}
local answer
vim.fn.confirm = function(message, choices)
  table.insert(seen.asked, { message = message, choices = vim.split(choices, '\n') })
  for index, choice in ipairs(vim.split(choices, '\n')) do
    if choice:find(answer, 1, true) then
      return index
    end
  end
  return 0
end

answer = 'Cancel'
local chat = chats.ask('who is ' .. given.person)
seen.cancelled = chats.send(chat)
answer = 'Send anyway'
seen.anyway = chats.send(chat)
chats.type(chat, 'and since when?')
seen.again = chats.send(chat)
chat:close()
answer = 'Redact'
chat = chats.ask('who is ' .. given.other_person)
seen.redacted = chats.send(chat)
vim.wait(300)
