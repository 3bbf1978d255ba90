-- CopilotChat.nvim: a question runs in a coroutine; the provider's `prepare_input` is the last step before the request,
-- and its error is what the chat shows.
local post = dofile(vim.env.STAND_INS .. '/post.lua')

local M = { config = {}, shown = {}, history = {} }

function M.setup(options)
  M.config = options
end

local function question_of(prompt, resources)
  local inputs = { { role = 'system', content = 'You are an assistant.' } }
  for _, resource in ipairs(resources or {}) do
    local block = '# %s\n```text path=%s start_line=1 end_line=1\n1: %s\n```'
    table.insert(inputs, { role = 'user', content = block:format(resource.uri, resource.name, resource.data) })
  end
  vim.list_extend(inputs, M.history)
  table.insert(inputs, { role = 'user', content = prompt })
  return inputs
end

function M.ask(prompt, resources)
  coroutine.wrap(function()
    local inputs = question_of(prompt, resources)
    local ok, request = pcall(M.config.providers.recorder.prepare_input, inputs, { model = { id = 'recorder' } })
    if not ok then
      table.insert(M.shown, request)
      return
    end
    table.insert(M.history, inputs[#inputs])
    post(M.config.port, request, function()
      table.insert(M.history, { role = 'assistant', content = 'An answer.' })
      table.insert(M.shown, 'An answer.')
    end)
  end)()
end

return M
