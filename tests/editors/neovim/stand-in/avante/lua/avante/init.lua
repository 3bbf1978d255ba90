-- avante.nvim: a question is told by an event, and sent whatever the event's listeners say.
local post = dofile(vim.env.STAND_INS .. '/post.lua')

local M = { answered = 0 }

function M.get()
  return { code = { bufnr = M.code } }
end

function M.ask(port, question)
  M.code = vim.api.nvim_get_current_buf()
  vim.api.nvim_exec_autocmds('User', { pattern = 'AvanteInputSubmitted', data = { request = question } })
  post(port, { messages = { { role = 'user', content = question } } }, function()
    M.answered = M.answered + 1
  end)
end

return M
