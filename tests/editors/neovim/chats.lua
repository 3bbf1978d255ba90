-- What the guards' tests do with an assistant's chat, be it the plug-in itself or its stand-in.
local M = {}

local settled = drive.given.real and 1500 or 300

--- How many requests the endpoint has had.
function M.requests()
  local count = 0
  for _ in io.lines(drive.given.record) do
    count = count + 1
  end
  return count
end

local function recorder()
  local url = 'http://127.0.0.1:' .. drive.given.port
  return require('codecompanion.adapters').extend('openai_compatible', {
    env = { url = url, api_key = 'none', chat_url = '/v1/chat/completions' },
    schema = { model = { default = 'recorder' } },
  })
end

function M.set_up()
  require('codecompanion').setup({
    port = drive.given.port, -- the stand-in's only setting
    adapters = { http = { recorder = recorder } },
    interactions = { chat = { adapter = 'recorder' }, inline = { adapter = 'recorder' } },
    opts = { log_level = 'ERROR' },
  })
end

--- A new chat in a window of its own, with a question typed into its buffer.
function M.ask(question)
  local codecompanion = require('codecompanion')
  local chat = codecompanion.chat() or codecompanion.last_chat()
  M.type(chat, question)
  return chat
end

function M.type(chat, question)
  vim.api.nvim_buf_set_lines(chat.bufnr, -2, -1, false, vim.split(question, '\n'))
end

--- Sends a chat and returns how many requests that made.
function M.send(chat)
  local before = M.requests()
  chat:submit()
  vim.wait(settled, function()
    return M.requests() > before
  end, 20)
  vim.wait(200)
  return M.requests() - before
end

function M.text(chat)
  return drive.text(chat.bufnr)
end

return M
