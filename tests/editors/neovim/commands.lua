-- Every subcommand of :Tightlip on a file with three findings, one a line.
local seen = drive.seen
local function said(pattern)
  return drive.wait('message ' .. pattern, function()
    for _, message in ipairs(drive.messages) do
      if message:find(pattern) then
        return message
      end
    end
  end)
end

drive.wait_for(3)
local original = drive.text()
seen.completion = vim.fn.getcompletion('Tightlip ', 'cmdline')
seen.redact_completion = vim.fn.getcompletion('Tightlip redact ', 'cmdline')
seen.restore_completion = vim.fn.getcompletion('Tightlip restore ', 'cmdline')

drive.wait('status', function()
  return require('tightlip').status():find('%d')
end)
seen.statusline = vim.api.nvim_eval_statusline("%{%v:lua.require'tightlip'.status()%}", {}).str
vim.cmd('Tightlip status')
seen.status = said('should not receive')

-- the value of this line only
vim.api.nvim_win_set_cursor(0, { 2, 0 })
vim.cmd('Tightlip redact')
drive.wait_for(2)
seen.one = drive.text()
vim.cmd.undo()
drive.wait_for(3)

-- the lines of a range
vim.cmd('2,3Tightlip redact')
drive.wait_for(1)
seen.range = drive.text()
vim.cmd.undo()
drive.wait_for(3)

-- the whole file, and back again
vim.cmd('Tightlip redact!')
drive.wait_for(0)
seen.whole = drive.text()
vim.cmd('Tightlip restore')
drive.wait_for(3)
seen.restored = drive.text() == original

-- a line without a finding is left alone
vim.api.nvim_win_set_cursor(0, { 1, 0 })
vim.cmd('Tightlip redact')
said('nothing found on this line')
seen.untouched = drive.text() == original

-- copies: the file, and a selection that holds half of a value
vim.cmd('Tightlip copy')
said('redacted text is in')
seen.copied = vim.fn.getreg('"')
vim.fn.setreg('"', '')
vim.api.nvim_win_set_cursor(0, { 2, 0 })
vim.cmd('normal! 8lv5l\27')
vim.cmd("'<,'>Tightlip copy")
drive.wait('a copied selection', function()
  return vim.fn.getreg('"') ~= ''
end)
seen.selection = vim.fn.getreg('"')

-- an assistant's answer comes back with its placeholders
vim.fn.setreg('"', 'use ' .. seen.copied:match('TL_[%w_]+') .. ' here')
vim.cmd('Tightlip restore clipboard')
drive.wait('a restored answer', function()
  return not vim.fn.getreg('"'):find('TL_', 1, true)
end)
seen.answer = vim.fn.getreg('"')

pcall(vim.cmd, 'Tightlip nonsense') -- an error, as of any wrong command
seen.nonsense = said('no command')

vim.cmd('Tightlip scan')
seen.scan = said('findings? in')
seen.quickfix = vim.tbl_map(function(item)
  return { line = item.lnum, text = item.text, type = item.type }
end, vim.fn.getqflist())
vim.cmd.cclose()

-- one scan at a time, and it can be stopped
drive.messages = {}
vim.cmd('Tightlip scan')
vim.cmd('Tightlip scan')
vim.cmd('Tightlip scan!')
said('still looking')
said('findings? in')
drive.messages = {}
vim.cmd('Tightlip scan!')
seen.scan_stopped = said('nothing is being looked through') ~= nil

vim.cmd('Tightlip report')
drive.wait('the report', function()
  return vim.bo.filetype == 'markdown'
end)
seen.report = drive.text()
seen.report_is_scratch = vim.bo.buftype == 'nofile' and not vim.bo.modified
vim.cmd.close()

drive.client():exec_cmd({ title = '', command = 'tightlip.openRedactedCopy', arguments = { vim.uri_from_bufnr(0) } })
drive.wait('the redacted copy', function()
  return vim.bo.buftype == 'nofile'
end)
seen.copy = drive.text()
seen.copy_type = vim.bo.filetype
vim.cmd.close()

local first = drive.client().id
vim.cmd('Tightlip restart')
drive.wait('another server', function()
  local client = vim.lsp.get_clients({ name = 'tightlip' })[1]
  return client and client.id ~= first and client.initialized
end)
drive.wait_for(3)

vim.cmd('Tightlip log')
seen.log = vim.api.nvim_buf_get_name(0)
