-- What an installed tightlip does in the first file: it is marked, and the guards stand.
drive.seen.found = drive.wait_for(1)
drive.seen.command = vim.fn.exists(':Tightlip')
drive.seen.guards = #vim.api.nvim_get_autocmds({ group = 'tightlip.guard' })
