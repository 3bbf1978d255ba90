--- codecompanion.nvim: a chat is checked before it is sent. Its callbacks: `on_before_submit` may stop the sending,
--- `on_tool_output` and `on_checkpoint` may change what is sent. It swallows the errors of callbacks and sends all the
--- same, so none may leave one of ours.
local check = require('tightlip.guard.check')
local policy = require('tightlip.policy')
local settings = require('tightlip.settings')
local text = require('tightlip.text')

local M = {}

---@type tightlip.Way
local WAY = {
  surface = 'neovim:codecompanion',
  curable = true,
  cure = ':Tightlip redact! makes the chat safe.',
  elsewhere = 'Redact it there, or take it out of the chat.',
}
local WITHHELD = 'Withheld by tightlip'
local ASSISTANT = 'llm'
local SOURCE = 'lua/codecompanion/interactions/chat/init.lua'

--- Texts that were looked at and let go, and under which policy: the whole history goes with every question.
local clean = {} ---@type table<string, integer>

local function say(message, level)
  vim.notify('tightlip: ' .. message, level or vim.log.levels.WARN)
end

local function key_of(part)
  return vim.fn.sha256((part.uri or '') .. '\n' .. part.text)
end

--- What was typed stands from the chat's last heading on; what is above it was sent before, or came as an answer.
local function typed_from(chat)
  local line = type(chat.header_line) == 'number' and chat.header_line or 1
  return math.max(0, math.min(line - 1, vim.api.nvim_buf_line_count(chat.bufnr)))
end

local function is_file(buf)
  return buf and vim.api.nvim_buf_is_loaded(buf) and vim.bo[buf].buftype == ''
end

local function uri_of(item)
  if item.bufnr and vim.api.nvim_buf_is_valid(item.bufnr) and vim.api.nvim_buf_get_name(item.bufnr) ~= '' then
    return vim.uri_from_bufnr(item.bufnr)
  end
  return item.path and vim.uri_from_fname(vim.fn.fnamemodify(item.path, ':p'))
end

local function part_of_buffer(buf)
  local path = vim.api.nvim_buf_get_name(buf)
  local part = { text = text.of(buf), languageId = vim.bo[buf].filetype, fixed = true }
  part.uri = path ~= '' and vim.uri_from_bufnr(buf) or nil
  part.name = path ~= '' and vim.fn.fnamemodify(path, ':t') or 'buffer ' .. buf
  return part
end

--- The buffers that "#{buffer}", "#{buffer:name}" and "#{buffers}" in a question are replaced by.
local function mentioned(chat, question)
  local buffers = {}
  for name, target in question:gmatch('#{?(%l+):?([^%s}]*)') do
    if name == 'buffers' then
      vim.list_extend(buffers, vim.fn.map(vim.fn.getbufinfo({ buflisted = 1 }), 'v:val.bufnr'))
    elseif name == 'buffer' then
      local named = target ~= '' and vim.fn.bufnr(target) or -1
      table.insert(buffers, named > 0 and named or vim.tbl_get(chat, 'buffer_context', 'bufnr'))
    end
  end
  return buffers
end

--- Parts of the messages; `slots` says by number of part which message it is.
local function add_messages(parts, slots, chat, messages)
  local uris = {}
  for _, item in ipairs(chat.context_items or {}) do
    uris[item.id or ''] = uri_of(item)
  end
  for _, message in ipairs(messages or {}) do
    local is_image = vim.tbl_get(message, '_meta', 'tag') == 'image'
    if message.role ~= ASSISTANT and type(message.content) == 'string' and not is_image then
      local part = { text = message.content, uri = uris[vim.tbl_get(message, 'context', 'id') or ''] }
      if clean[key_of(part)] ~= policy.generation then
        table.insert(parts, part)
        slots[#parts] = message
      end
    end
  end
end

--- Everything that sending the chat would send. The text just typed is the first part, and is nowhere but in the
--- chat's buffer yet; attached buffers are read again after this.
local function parts_of(chat)
  local question = text.of(chat.bufnr, typed_from(chat))
  local parts, slots = { { text = question, languageId = 'markdown' } }, {}
  add_messages(parts, slots, chat, chat.messages)
  local buffers = mentioned(chat, question)
  for _, item in ipairs(chat.context_items or {}) do
    if is_file(item.bufnr) then
      table.insert(buffers, item.bufnr)
    elseif uri_of(item) then
      table.insert(parts, { uri = uri_of(item), fixed = true })
    end
  end
  local seen = {}
  for _, buf in ipairs(buffers) do
    if is_file(buf) and not seen[buf] then
      seen[buf] = true
      table.insert(parts, part_of_buffer(buf))
    end
  end
  return parts, slots
end

--- Puts placeholders into the typed text and the messages; returns how many values are gone.
local function redact(chat, parts, slots, verdict)
  local count = 0
  for index, answer in pairs(verdict.answers) do
    if not parts[index].fixed and answer.redacted ~= parts[index].text then
      count = count + #answer.findings
      if slots[index] then
        slots[index].content = answer.redacted
      else
        local locked = not vim.bo[chat.bufnr].modifiable
        vim.bo[chat.bufnr].modifiable = true
        text.replace(chat.bufnr, typed_from(chat), vim.api.nvim_buf_line_count(chat.bufnr), answer.redacted)
        vim.bo[chat.bufnr].modifiable = not locked
      end
    end
  end
  return count
end

local function remember(parts, verdict)
  for index in pairs(verdict.answers) do
    if not parts[index].fixed then
      clean[key_of(parts[index])] = policy.generation
    end
  end
end

local function values(count)
  return count == 1 and '1 value was' or count .. ' values were'
end

local function before_submit(chat)
  if check.is_off() then
    return
  end
  local parts, slots = parts_of(chat)
  local verdict = check.judge(parts, WAY.surface)
  local outcome = check.settle(parts, verdict, WAY)
  if outcome == 'stop' then
    say(check.refusal(verdict, WAY))
    return false
  elseif outcome == 'redact' then
    say(values(redact(chat, parts, slots, verdict)) .. ' redacted before this was sent.', vim.log.levels.INFO)
  elseif verdict.sentence ~= '' then
    vim.notify_once('tightlip: sent. ' .. verdict.sentence, vim.log.levels.WARN)
  end
  if outcome == 'send' then
    remember(parts, verdict)
  end
end

--- The last look before a request, at what was put together since: synced buffers, tools' results. It cannot be stopped
--- here, only made harmless.
local function at_checkpoint(chat, data)
  if check.is_off() then
    return
  end
  local parts, slots = {}, {}
  add_messages(parts, slots, chat, data.messages)
  local verdict = check.judge(parts, WAY.surface)
  local count = 0
  for index, message in pairs(slots) do
    local answer = verdict.answers[index]
    local withheld = M._in_place_of(parts[index], answer, verdict)
    if withheld then
      message.content = withheld
      clean[key_of({ text = withheld, uri = parts[index].uri })] = policy.generation
      count = count + 1
    elseif answer then
      clean[key_of(parts[index])] = policy.generation
    end
  end
  if count > 0 then
    say((count == 1 and 'a message' or count .. ' messages') .. ' of this chat went redacted. ' .. verdict.sentence)
  end
end

--- What goes in place of a text, or nil where it may go as it is.
function M._in_place_of(part, answer, verdict)
  if vim.startswith(part.text, WITHHELD) or not part.text:find('%S') then
    return nil
  elseif not answer then
    local known = clean[key_of(part)] ~= nil -- the history of a chat outlives a server that does not answer
    return verdict.may == 'stop' and not known and ('%s: %s'):format(WITHHELD, verdict.sentence) or nil
  elseif not check.stops(part, answer, WAY.surface) then
    return nil
  end
  local whole = type(answer.restricted) == 'string' and answer.restricted
    or answer.redacted == part.text and verdict.sentence
  return whole and ('%s: %s'):format(WITHHELD, whole) or answer.redacted
end

local function on_tool_output(_, data)
  if check.is_off() or type(data.for_llm) ~= 'string' then
    return
  end
  local part = { text = data.for_llm }
  local verdict = check.judge({ part }, WAY.surface)
  local instead = M._in_place_of(part, verdict.answers[1], verdict)
  if instead then
    data.for_llm = instead
    say(('the output of the tool "%s" went redacted. %s'):format(data.tool, verdict.sentence))
  end
end

--- A callback that fails closed: `harmless` is what it does when ours fails.
local function safely(callback, harmless)
  return function(chat, data)
    local ok, answer = pcall(callback, chat, data)
    if ok then
      return answer
    end
    say('the check itself failed, so nothing was sent. :Tightlip status says how the server stands.')
    return harmless(data)
  end
end

---@param arguments vim.api.keyset.create_autocmd.callback_args
function M.on_event(arguments)
  local chat = require('codecompanion').buf_get_chat(arguments.data.bufnr)
  if not M._stops() then
    local message = 'tightlip: this codecompanion.nvim cannot be stopped before it sends (no "on_before_submit"). '
      .. 'Update it.'
    vim.notify_once(message, vim.log.levels.WARN)
  end
  chat:add_callback(
    'on_before_submit',
    safely(before_submit, function()
      return false
    end)
  )
  chat:add_callback(
    'on_tool_output',
    safely(on_tool_output, function(data)
      data.for_llm = WITHHELD .. ': it could not be checked.'
    end)
  )
  chat:add_callback(
    'on_checkpoint',
    safely(at_checkpoint, function(data)
      for _, message in ipairs(data.messages or {}) do
        if message.role ~= ASSISTANT and not clean[key_of({ text = message.content or '' })] then
          message.content = WITHHELD .. ': it could not be checked.'
        end
      end
    end)
  )
  require('tightlip.unnamed').watch(chat.bufnr, function()
    return typed_from(chat)
  end)
end

--- The chat in a buffer, if it is one.
local function chat_in(buf)
  if not package.loaded['codecompanion'] then
    return nil
  end
  local ok, chat = pcall(require('codecompanion').buf_get_chat, buf)
  return ok and type(chat) == 'table' and chat.bufnr == buf and chat or nil
end

--- `:Tightlip redact` in a chat: what is typed, and what is sent again with every question.
---@param buf integer
---@return boolean is_chat
function M.redact(buf)
  local chat = chat_in(buf)
  if not chat then
    return false
  end
  local parts, slots = { { text = text.of(buf, typed_from(chat)), languageId = 'markdown' } }, {}
  add_messages(parts, slots, chat, chat.messages)
  local verdict = check.judge(parts, WAY.surface)
  if next(verdict.answers) == nil and verdict.sentence ~= '' then
    say(verdict.sentence)
    return true
  end
  local count = redact(chat, parts, slots, verdict)
  say(
    count == 0 and 'nothing to redact in this chat.' or values(count) .. ' redacted in this chat.',
    vim.log.levels.INFO
  )
  return true
end

--- Whether this codecompanion.nvim asks before it sends.
function M._stops()
  local path = vim.api.nvim_get_runtime_file(SOURCE, false)[1]
  return path ~= nil and text.of_file(path):find('on_before_submit', 1, true) ~= nil
end

function M.report()
  if #vim.api.nvim_get_runtime_file('lua/codecompanion/init.lua', false) == 0 then
    return nil
  elseif settings.guard('send') == 'off' then
    return { plugin = 'codecompanion.nvim', state = 'off', sentence = 'switched off by vim.g.tightlip_guard_send' }
  elseif not M._stops() then
    return {
      plugin = 'codecompanion.nvim',
      state = 'warn',
      sentence = 'cannot be stopped before it sends',
      advice = 'Update codecompanion.nvim: this one has no "on_before_submit".',
    }
  end
  local does = settings.guard('send') == 'redact' and 'are redacted before they go' or 'are stopped'
  return { plugin = 'codecompanion.nvim', state = 'ok', sentence = 'chats with a finding ' .. does }
end

return M
