if vim.g.loaded_tightlip then
  return
end
vim.g.loaded_tightlip = true

if vim.fn.has('nvim-0.11') == 0 then
  vim.notify_once('tightlip needs Neovim 0.11 or newer and checks nothing here.', vim.log.levels.WARN)
  return
end

vim.api.nvim_create_user_command('Tightlip', function(options)
  require('tightlip.command').run(options)
end, {
  nargs = '*',
  range = true,
  bang = true,
  complete = function(typed, line)
    return require('tightlip.command').complete(typed, line)
  end,
  desc = 'tightlip: redact, restore, copy, scan, status, report, restart, log',
})

if vim.g.tightlip_enabled ~= false then
  vim.lsp.enable('tightlip')
end

local group = vim.api.nvim_create_augroup('tightlip', {})
vim.api.nvim_create_autocmd({ 'BufReadPost', 'BufNewFile', 'BufFilePost', 'BufWritePost' }, {
  group = group,
  desc = 'tightlip: files of no known type',
  callback = function(event)
    require('tightlip.unnamed').forget(event.buf)
    require('tightlip').attach(event.buf)
  end,
})
vim.api.nvim_create_autocmd({ 'BufEnter', 'VimEnter', 'StdinReadPost' }, {
  group = group,
  desc = 'tightlip: buffers without a name',
  callback = function(event)
    require('tightlip.unnamed').watch(event.buf)
  end,
})
vim.api.nvim_create_autocmd('LspAttach', {
  group = group,
  desc = 'tightlip: folders and looks',
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'tightlip' then
      require('tightlip').on_attach(client, event.buf)
    end
  end,
})

require('tightlip.guard').setup()
