-- copilot.lua: `setup` with `should_attach`, which is asked before a buffer is attached.
local M = {}

function M.setup(options)
  require('copilot.config').should_attach = options.should_attach
  require('copilot.client').setup()
end

return M
