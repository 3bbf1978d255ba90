--- Texts between buffers, registers and the server.
local M = {}

--- Lines of a buffer as one text.
---@param buf integer
---@param first integer? line, from 0
---@param last integer? line behind the last
---@return string
function M.of(buf, first, last)
  return table.concat(vim.api.nvim_buf_get_lines(buf, first or 0, last or -1, false), '\n')
end

--- A file's text; "" where it cannot be read.
---@param path string
---@return string
function M.of_file(path)
  local file = io.open(path, 'rb')
  if not file then
    return ''
  end
  local whole = file:read('*a')
  file:close()
  return whole or ''
end

--- Puts a text in place of lines, touching only those that differ, as one step of undo.
---@param buf integer
---@param first integer
---@param last integer
---@param text string
function M.replace(buf, first, last, text)
  local old = vim.api.nvim_buf_get_lines(buf, first, last, false)
  local new = vim.split(text, '\n', { plain = true })
  local head, tail = 0, 0
  local most = math.min(#old, #new)
  while head < most and old[head + 1] == new[head + 1] do
    head = head + 1
  end
  while tail < most - head and old[#old - tail] == new[#new - tail] do
    tail = tail + 1
  end
  if head < math.max(#old, #new) then
    vim.api.nvim_buf_set_lines(
      buf,
      first + head,
      first + #old - tail,
      false,
      vim.list_slice(new, head + 1, #new - tail)
    )
  end
end

--- What was copied last: the clipboard's text, or register " where there is no clipboard.
---@return string
function M.copied()
  return vim.fn.getreg(vim.fn.has('clipboard') == 1 and '+' or '"')
end

--- Puts redacted text where `p` and other programs find it, and says so.
---@param text string
function M.copy(text)
  text = text:gsub('\r\n', '\n')
  vim.fn.setreg('"', text)
  local place = 'register " (no clipboard here, see :help clipboard)'
  if vim.fn.has('clipboard') == 1 then
    vim.fn.setreg('+', text)
    place = 'the clipboard'
  end
  vim.notify(('tightlip: redacted text is in %s.'):format(place))
end

--- The server's `tightlip/openText`: a text in a buffer of its own, which is gone when it is closed.
---@param shown { title: string, languageId: string, text: string }
function M.show(shown)
  vim.cmd('botright new')
  local buf = vim.api.nvim_get_current_buf()
  vim.bo[buf].buftype = 'nofile'
  vim.bo[buf].bufhidden = 'wipe'
  vim.bo[buf].swapfile = false
  pcall(vim.api.nvim_buf_set_name, buf, shown.title) -- a name that is taken is no reason not to show it
  M.replace(buf, 0, -1, (shown.text:gsub('\r\n', '\n'):gsub('\n$', '')))
  vim.bo[buf].modified = false
  vim.bo[buf].filetype = shown.languageId
end

return M
