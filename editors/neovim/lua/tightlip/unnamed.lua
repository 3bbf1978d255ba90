--- Buffers the server cannot hold: those without a name, which Neovim all gives the URI "file://", and assistants' chats.
--- What is typed or pasted there goes to an assistant next; their text is sent to be checked when typing rests.
local M = {}

local REST_MS = 300
local severities = { error = 1, warning = 2, information = 3, hint = 4 }
local timers = {} ---@type table<integer, uv.uv_timer_t>
local watched = {} ---@type table<integer, true>
local chats = {} ---@type table<integer, fun(): integer> the line from which a chat is looked at, from 0
local checked = {} ---@type table<integer, true>
local space = vim.api.nvim_create_namespace('tightlip.unnamed')

---@param buf integer
---@return boolean
local function is_ours(buf)
  if not vim.api.nvim_buf_is_loaded(buf) then
    return false
  end
  return chats[buf] ~= nil or vim.bo[buf].buftype == '' and vim.api.nvim_buf_get_name(buf) == ''
end

--- Checks a buffer now and after every change, for as long as it has no name or is a chat.
---@param buf integer
---@param from (fun(): integer)? makes it a chat: the line from which it is looked at
function M.watch(buf, from)
  chats[buf] = from or chats[buf]
  if watched[buf] or not is_ours(buf) then
    return
  end
  watched[buf] = vim.api.nvim_buf_attach(buf, false, {
    on_lines = function()
      if not is_ours(buf) then
        watched[buf] = nil
        return true
      end
      M._changed(buf)
    end,
    on_detach = function()
      watched[buf], checked[buf], chats[buf] = nil, nil, nil
    end,
  })
  M._changed(buf)
end

function M._changed(buf)
  if timers[buf] then
    timers[buf]:stop()
  end
  timers[buf] = vim.defer_fn(function()
    timers[buf] = nil
    if is_ours(buf) then
      M._check(buf)
    end
  end, REST_MS)
end

--- What `tightlip.status` tells of a buffer, or nil where it is not checked here.
---@param buf integer
---@return tightlip.Status?
function M.status(buf)
  buf = buf == 0 and vim.api.nvim_get_current_buf() or buf
  if checked[buf] and is_ours(buf) then
    local count = #vim.diagnostic.get(buf, { namespace = space })
    return { uri = '', state = count > 0 and 'findings' or 'safe', count = count }
  end
end

--- A buffer that got a name is the server's from now on.
---@param buf integer
function M.forget(buf)
  checked[buf] = nil
  vim.diagnostic.reset(space, buf)
end

function M._check(buf)
  local first = chats[buf] and chats[buf]() or 0
  local text = require('tightlip.text').of(buf, first)
  if vim.trim(text) == '' then
    return M.forget(buf)
  end
  local id = require('tightlip').start()
  local client = id and vim.lsp.get_client_by_id(id)
  if not client then
    return
  elseif not client.initialized then
    return M._changed(buf)
  end
  local tick = vim.api.nvim_buf_get_changedtick(buf)
  local language = chats[buf] and 'markdown' or vim.bo[buf].filetype
  local parameters = { text = text, uri = 'untitled:' .. buf, languageId = language }
  client:request('tightlip/checkText', parameters, function(err, result)
    if not err and vim.api.nvim_buf_is_loaded(buf) and vim.api.nvim_buf_get_changedtick(buf) == tick then
      M._show(buf, text, result, first)
    end
  end)
end

--- Offsets from the server are code points of the whole text and ascend, Neovim's are bytes of a line.
function M._show(buf, text, result, first)
  local lines = vim.split(text, '\n', { plain = true })
  local line, start = 1, 0
  local function place(offset)
    local length = vim.str_utfindex(lines[line], 'utf-32')
    while offset - start > length do
      line, start = line + 1, start + length + 1
      length = vim.str_utfindex(lines[line], 'utf-32')
    end
    return first + line - 1, vim.str_byteindex(lines[line], 'utf-32', offset - start)
  end
  local diagnostics = vim.tbl_map(function(finding)
    local lnum, col = place(finding.start)
    local end_lnum, end_col = place(finding['end'])
    return {
      lnum = lnum,
      col = col,
      end_lnum = end_lnum,
      end_col = end_col,
      severity = severities[finding.severity],
      source = 'tightlip',
      code = finding.rule,
      message = finding.title .. ': an assistant would receive it. :Tightlip redact before you send it.',
    }
  end, result.findings)
  for _, notice in ipairs(result.notices) do
    table.insert(diagnostics, {
      lnum = first,
      col = 0,
      severity = severities.information,
      source = 'tightlip',
      code = notice.code,
      message = notice.message,
    })
  end
  checked[buf] = true
  require('tightlip').name_findings(space)
  vim.diagnostic.set(space, buf, diagnostics)
  require('tightlip.status').tell(buf)
end

return M
