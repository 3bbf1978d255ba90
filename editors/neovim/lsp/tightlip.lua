-- The configuration `vim.lsp.enable('tightlip')` reads. Change any of it with `vim.lsp.config('tightlip', { … })`.
local server = require('tightlip.server')

---@type vim.lsp.Config
return {
  -- Without `filetypes`: a key is as secret in a file of no known type.
  cmd = server.command() or server.absent(),
  -- A folder of the project is no place to start a checker from: Python and uv both read files there.
  cmd_cwd = vim.uv.os_homedir(),
  cmd_env = { PYTHONSAFEPATH = '1' },
  root_markers = { 'tightlip.toml', '.git' },
  workspace_required = false,
  -- Decides whether a buffer is served; where its root is, `root_markers` say (nil).
  root_dir = function(buf, on_dir)
    if require('tightlip').serves(buf) then
      on_dir(nil)
    end
  end,
  -- One server for all folders: the same value gets the same placeholder everywhere, and memory is spent once.
  reuse_client = function(client, config)
    return client.name == config.name and not client:is_stopped()
  end,
  -- what the handlers below are for; the server sends nothing else of its own
  init_options = { notifications = { 'status', 'policy', 'copyText', 'openText' } },
  handlers = {
    ['window/showMessage'] = function(_, shown) -- Neovim's own puts "LSP[tightlip][Info]" before it
      vim.notify(shown.message, 5 - shown.type)
    end,
    ['tightlip/status'] = function(_, status)
      require('tightlip.status').set(status)
    end,
    ['tightlip/policy'] = function(_, policy)
      require('tightlip.policy').set(policy)
    end,
    ['tightlip/copyText'] = function(_, copy)
      require('tightlip.text').copy(copy.text)
    end,
    ['tightlip/openText'] = function(_, shown)
      require('tightlip.text').show(shown)
    end,
  },
  on_exit = function(code, signal)
    require('tightlip.server').on_exit(code, signal)
  end,
}
