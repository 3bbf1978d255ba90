-- vim.g.tightlip_enabled = false (given by the environment): nothing starts until one asks for it.
vim.wait(500)
drive.seen.clients = #vim.lsp.get_clients()
drive.seen.command = vim.fn.exists(':Tightlip')
vim.cmd('Tightlip restart')
vim.wait(200)
drive.seen.after_restart = #vim.lsp.get_clients()
vim.lsp.enable('tightlip')
drive.wait_for(1)
