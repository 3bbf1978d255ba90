--- What goes to the clipboard goes to every program. A word about it, once for the same text; nothing is held up.
local settings = require('tightlip.settings')

local M = {}

local REMEMBERED = 50

local told = {} ---@type string[] hashes of texts that were warned about, in memory only

--- Whether a yank or a deletion is what programs outside now find in the clipboard.
local function goes_out(register)
  local clipboard = vim.opt.clipboard:get()
  local unnamed = vim.list_contains(clipboard, 'unnamedplus') or vim.list_contains(clipboard, 'unnamed')
  return register == '+' or register == '*' or register == '' and unnamed
end

---@param _ vim.api.keyset.create_autocmd.callback_args
function M.on_event(_)
  local yank = vim.v.event
  if not goes_out(yank.regname) or settings.guard('copy') == 'off' then
    return
  end
  M._look(table.concat(yank.regcontents, '\n'), vim.api.nvim_get_current_buf())
end

function M._look(copied, buf)
  local client = require('tightlip.server').client()
  if not client or not client.initialized or not copied:find('%S') then
    return
  end
  local hash = vim.fn.sha256(copied)
  if vim.list_contains(told, hash) then
    return
  end
  local path = vim.bo[buf].buftype == '' and vim.api.nvim_buf_get_name(buf) or ''
  local uri = path ~= '' and vim.uri_from_bufnr(buf) or nil
  local parameters = { text = copied, uri = uri, languageId = vim.bo[buf].filetype }
  client:request('tightlip/checkText', parameters, function(err, answer)
    if err or vim.list_contains({ 'off', 'info' }, answer.decision) or vim.list_contains(told, hash) then
      return
    end
    table.insert(told, 1, hash)
    told[REMEMBERED + 1] = nil
    M._warn(answer)
  end)
end

--- Whether a message can be shown without Neovim waiting for Enter after it: a copy is no reason to hold anyone up.
local function fits(message)
  local is_neovims_own = debug.getinfo(vim.notify, 'S').source:find('vim/_editor', 1, true) ~= nil
  return not is_neovims_own or vim.fn.strdisplaywidth(message) <= vim.v.echospace
end

function M._warn(answer)
  local message = ('tightlip: the clipboard holds %s :Tightlip redact clipboard makes it safe.'):format(answer.summary)
  if type(answer.restricted) == 'string' then
    message = 'tightlip: the clipboard holds restricted code. ' .. answer.restricted
  elseif answer.summary == '' then
    local reason = (answer.reasons or {})[1]
    message = 'tightlip: the clipboard holds what should not go to an assistant. ' .. (reason and reason.text or '')
  end
  if not fits(message) then
    message = M._in_short(answer)
  end
  vim.notify(vim.trim(message), vim.log.levels.WARN)
end

function M._in_short(answer)
  local count = #answer.findings
  if type(answer.restricted) == 'string' or count == 0 then
    return 'tightlip: restricted code copied.'
  end
  return ('tightlip: %d finding%s copied. :Tightlip redact clipboard'):format(count, count == 1 and '' or 's')
end

return M
