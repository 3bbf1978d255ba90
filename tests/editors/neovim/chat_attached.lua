-- Files that are attached to a chat, or named in the question.
local chats = dofile(vim.fs.joinpath(vim.fs.dirname(vim.env.DRIVE_SCRIPT), 'chats.lua'))
local seen, given = drive.seen, drive.given
chats.set_up()
seen.sent = vim.empty_dict()
seen.told = vim.empty_dict()

local function buffer(path)
  vim.cmd.edit(path)
  return vim.api.nvim_get_current_buf()
end

local function send(name, chat)
  drive.messages = {}
  seen.sent[name] = chats.send(chat)
  seen.told[name] = table.concat(drive.messages, '\n')
  chat:close()
end

local chat = chats.ask('what does it do?')
chat:add_context(
  { content = 'see below' },
  'buffer',
  '<buf>app.py</buf>',
  { bufnr = buffer(given.secret_file), sync_all = true }
)
send('secret', chat)

chat = chats.ask('what does it do?')
local whole = table.concat(vim.fn.readfile(given.secret_file), '\n')
chat:add_context({ content = whole }, 'file', '<file>app.py</file>', { path = given.secret_file })
send('secret_content', chat)

chat = chats.ask('what does it do?')
chat:add_context({ content = 'a sum' }, 'buffer', '<buf>ledger.py</buf>', { bufnr = buffer(given.restricted_file) })
send('restricted', chat)

chat = chats.ask('what does it do?')
chat:add_context({ content = 'a sum' }, 'file', '<file>ledger.py</file>', { path = given.restricted_file })
send('restricted_path', chat)

buffer(given.secret_file)
send('mentioned', chats.ask('what does #{buffer} do?'))

buffer(given.clean_file)
chat = chats.ask('what does #{buffer} do?')
chat:add_context(
  { content = 'x = 1' },
  'buffer',
  '<buf>clean.py</buf>',
  { bufnr = buffer(given.clean_file), sync_all = true }
)
send('clean', chat)
