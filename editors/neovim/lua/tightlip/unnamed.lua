--- Buffers without a name: what is typed or pasted there often goes to a chat next. Neovim gives them all the URI
--- "file://", so the server cannot hold them; their text is sent to be checked when typing rests.
local M = {}

local REST_MS = 300
local severities = { error = 1, warning = 2, information = 3, hint = 4 }
local timers = {} ---@type table<integer, uv.uv_timer_t>
local watched = {} ---@type table<integer, true>
local checked = {} ---@type table<integer, true>
local space = vim.api.nvim_create_namespace('tightlip.unnamed')

---@param buf integer
---@return boolean
local function is_unnamed(buf)
  return vim.api.nvim_buf_is_loaded(buf) and vim.bo[buf].buftype == '' and vim.api.nvim_buf_get_name(buf) == ''
end

--- Checks a buffer now and after every change, for as long as it has no name.
---@param buf integer
function M.watch(buf)
  if watched[buf] or not is_unnamed(buf) then
    return
  end
  watched[buf] = vim.api.nvim_buf_attach(buf, false, {
    on_lines = function()
      if not is_unnamed(buf) then
        watched[buf] = nil
        return true
      end
      M._changed(buf)
    end,
    on_detach = function()
      watched[buf], checked[buf] = nil, nil
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
    if is_unnamed(buf) then
      M._check(buf)
    end
  end, REST_MS)
end

--- What `tightlip.status` tells of a buffer, or nil where it is not checked here.
---@param buf integer
---@return tightlip.Status?
function M.status(buf)
  buf = buf == 0 and vim.api.nvim_get_current_buf() or buf
  if checked[buf] and is_unnamed(buf) then
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
  local text = require('tightlip.text').of(buf)
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
  local parameters = { text = text, uri = 'untitled:' .. buf, languageId = vim.bo[buf].filetype }
  client:request('tightlip/checkText', parameters, function(err, result)
    if not err and vim.api.nvim_buf_is_loaded(buf) and vim.api.nvim_buf_get_changedtick(buf) == tick then
      M._show(buf, text, result)
    end
  end)
end

--- Offsets from the server are code points of the whole text and ascend, Neovim's are bytes of a line.
function M._show(buf, text, result)
  local lines = vim.split(text, '\n', { plain = true })
  local line, start = 1, 0
  local function place(offset)
    local length = vim.str_utfindex(lines[line], 'utf-32')
    while offset - start > length do
      line, start = line + 1, start + length + 1
      length = vim.str_utfindex(lines[line], 'utf-32')
    end
    return line - 1, vim.str_byteindex(lines[line], 'utf-32', offset - start)
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
      lnum = 0,
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
end

return M
