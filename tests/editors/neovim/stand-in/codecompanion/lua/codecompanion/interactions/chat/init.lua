-- A chat of codecompanion.nvim: callbacks as in its page "Configuring Callbacks". What is typed is in the buffer only
-- when `on_before_submit` is asked, attached buffers are read again after it, and the errors of callbacks are swallowed.
local codecompanion = require('codecompanion')
local post = dofile(vim.env.STAND_INS .. '/post.lua')

local Chat = {}
Chat.__index = Chat

function Chat.new(arguments)
  local buf = vim.api.nvim_create_buf(false, true)
  local self = setmetatable({
    adapter = { type = 'http', name = 'recorder' },
    buffer_context = { bufnr = vim.api.nvim_get_current_buf() },
    bufnr = buf,
    callbacks = {},
    context_items = {},
    header_line = 1,
    messages = { { role = 'system', content = 'You are an assistant.', opts = { visible = false } } },
  }, Chat)
  codecompanion.chats[buf] = { chat = self }
  codecompanion.latest = self
  vim.api.nvim_buf_set_lines(buf, 0, -1, false, { '## Me', '', '' })
  vim.cmd.sbuffer(buf)
  vim.api.nvim_exec_autocmds('User', { pattern = 'CodeCompanionChatCreated', data = { bufnr = buf } })
  if arguments.auto_submit then
    self:submit()
  end
  return self
end

function Chat:add_callback(event, callback)
  self.callbacks[event] = self.callbacks[event] or {}
  table.insert(self.callbacks[event], callback)
end

function Chat:dispatch(event, data)
  local go = true
  for _, callback in ipairs(self.callbacks[event] or {}) do
    local ok, answer = pcall(callback, self, data or {})
    if ok and answer == false then
      go = false
    end
  end
  return go
end

function Chat:add_context(message, source, id, options)
  table.insert(
    self.context_items,
    { id = id, source = source, bufnr = options.bufnr, path = options.path, opts = options }
  )
  table.insert(
    self.messages,
    { role = 'user', content = message.content, context = { id = id }, _meta = { tag = source } }
  )
end

function Chat:add_tool_output(tool, for_llm, for_user)
  local data = { tool = tool, for_llm = for_llm, for_user = for_user }
  self:dispatch('on_tool_output', data)
  table.insert(self.messages, { role = 'tool', content = data.for_llm })
end

local function synced(self)
  for _, item in ipairs(self.context_items) do
    if item.opts.sync_all then
      local lines = vim.api.nvim_buf_get_lines(item.bufnr, 0, -1, false)
      table.insert(self.messages, { role = 'user', content = table.concat(lines, '\n'), context = { id = item.id } })
    end
  end
end

local function replaced(self, question)
  return (
    question:gsub('#{buffer}', function()
      return table.concat(vim.api.nvim_buf_get_lines(self.buffer_context.bufnr, 0, -1, false), '\n')
    end)
  )
end

function Chat:submit(options)
  options = options or {}
  if not options.auto_submit then
    if not self:dispatch('on_before_submit', { adapter = self.adapter }) then
      return
    end
    local typed = vim.api.nvim_buf_get_lines(self.bufnr, self.header_line, -1, false)
    table.insert(self.messages, { role = 'user', content = replaced(self, vim.trim(table.concat(typed, '\n'))) })
    synced(self)
  end
  self:dispatch('on_checkpoint', { adapter = self.adapter, messages = self.messages })
  post(codecompanion.options.port, { model = 'recorder', messages = vim.deepcopy(self.messages) }, function()
    table.insert(self.messages, { role = 'llm', content = 'An answer.' })
    vim.api.nvim_buf_set_lines(self.bufnr, -1, -1, false, { '## CodeCompanion', '', 'An answer.', '', '## Me', '', '' })
    self.header_line = vim.api.nvim_buf_line_count(self.bufnr) - 2
    self:dispatch('on_completed', { status = 'success' })
  end)
end

function Chat:close()
  codecompanion.chats[self.bufnr] = nil
  vim.api.nvim_buf_delete(self.bufnr, { force = true })
end

return Chat
