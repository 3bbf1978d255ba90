-- CopilotChat.nvim with a guarded provider.
local chats = dofile(vim.fs.joinpath(vim.fs.dirname(vim.env.DRIVE_SCRIPT), 'chats.lua'))
local seen, given = drive.seen, drive.given
local guard = require('tightlip.guard')
local chat = require('CopilotChat')
local provider = require('CopilotChat.config.providers').recorder
chat.setup({ port = given.port, providers = { recorder = provider } })
seen.report_open = require('tightlip.guard.copilot_chat').report()
chat.setup({ port = given.port, providers = { recorder = guard.copilot_chat(guard.copilot_chat(provider)) } })
seen.report_safe = require('tightlip.guard.copilot_chat').report()

local function ask(question, resources)
  local before = #chat.shown
  chat.ask(question, resources)
  return drive.wait('an answer', function()
    return #chat.shown > before and chat.shown[#chat.shown]
  end)
end

seen.secret = ask('why is this refused? ' .. given.secret)
seen.restricted =
  ask('what is it?', { { uri = vim.uri_from_fname(given.restricted_file), name = 'ledger.py', data = 'a sum' } })
seen.requests = chats.requests()
seen.clean = ask('what is a list?')
vim.g.tightlip_guard_send = 'redact'
seen.redacted = ask('why is this refused? ' .. given.secret)
