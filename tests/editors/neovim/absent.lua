-- No server on this machine.
vim.cmd.edit('other.py')
vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'still = "usable"' })
vim.cmd.write()
vim.cmd('Tightlip copy')
vim.cmd('Tightlip status')
