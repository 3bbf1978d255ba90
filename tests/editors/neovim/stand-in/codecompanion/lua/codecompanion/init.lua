-- codecompanion.nvim as its documentation describes what users may call.
local M = { chats = {} }

function M.setup(options)
  M.options = options
end

function M.chat(arguments)
  return require('codecompanion.interactions.chat').new(arguments or {})
end

function M.buf_get_chat(buf)
  return M.chats[buf].chat
end

function M.last_chat()
  return M.latest
end

return M
