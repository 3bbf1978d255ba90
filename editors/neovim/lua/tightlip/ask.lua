--- Questions to the server whose answer is waited for: what an assistant is about to get cannot be checked later.
local server = require('tightlip.server')

local M = {}

--- How long a server may take to start: its first second or two go into Python's imports, and on a fresh machine the
--- rules are compiled.
M.STARTING_MS = 10000

---@class tightlip.Question
---@field method string
---@field parameters table

--- The running client, started where it is not; nil, and why, when it is not ready in time.
---@param patience integer milliseconds
---@return vim.lsp.Client? client, string? why
function M.client(patience)
  local client = server.client()
  if not client then
    local id = require('tightlip').start()
    client = id and vim.lsp.get_client_by_id(id)
    patience = math.max(patience, M.STARTING_MS)
  end
  if not client then
    return nil, 'the server is not running (:checkhealth tightlip)'
  end
  vim.wait(patience, function()
    return client.initialized or client:is_stopped()
  end, 5)
  if not client.initialized or client:is_stopped() then
    return nil, 'the server did not start in time (:checkhealth tightlip)'
  end
  return client
end

--- Asks everything at once. `done` is called when all was answered, or with the trouble once there is one.
---@param client vim.lsp.Client
---@param questions tightlip.Question[]
---@param done fun(answers: table[]?, why: string?)
---@return table<integer, integer> open ids of the requests that are not answered, kept up to date
local function send(client, questions, done)
  local answers, open, failed = {}, {}, false
  for index, question in ipairs(questions) do
    local sent, id = client:request(question.method, question.parameters, function(err, result)
      open[index] = nil
      answers[index] = result
      if err and not failed then
        failed = true
        done(nil, 'the server said: ' .. err.message)
      elseif not failed and #answers == #questions then
        done(answers)
      end
    end)
    if not sent then
      failed = true
      done(nil, 'the server stopped')
      break
    end
    open[index] = id
  end
  return open
end

--- Asks everything at once and waits. The answers stand in the order of the questions; nil, and why, unless all came.
---@param questions tightlip.Question[]
---@param patience integer milliseconds
---@return table[]? answers, string? why
function M.all(questions, patience)
  local client, why = M.client(patience)
  if not client then
    return nil, why
  end
  local answers, trouble
  local open = send(client, questions, function(came, problem)
    answers, trouble = came, trouble or problem
  end)
  vim.wait(patience, function()
    return answers ~= nil or trouble ~= nil or client:is_stopped()
  end, 5)
  for _, id in pairs(open) do
    client:cancel_request(id)
  end
  if answers or trouble then
    return answers, trouble
  elseif client:is_stopped() then
    return nil, 'the server stopped'
  end
  return nil, ('the server did not answer within %g s'):format(patience / 1000)
end

--- The same without waiting, where the server runs; else `done` is never called.
---@param questions tightlip.Question[]
---@param done fun(answers: table[]?, why: string?)
function M.later(questions, done)
  local client = server.client()
  if client and client.initialized then
    send(client, questions, done)
  end
end

return M
