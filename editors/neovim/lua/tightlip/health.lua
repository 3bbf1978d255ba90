--- `:checkhealth tightlip`
local server = require('tightlip.server')
local status = require('tightlip.status')
local health = vim.health

local M = {}

local workers = {
  off = 'off: it starts when typing rests, unless the setting "deep" is false',
  starting = 'starting',
  ready = 'ready',
  busy = 'busy',
}

function M.check()
  health.start('tightlip')
  if vim.fn.has('nvim-0.11') == 0 then
    return health.error('Neovim 0.11 or newer is needed.', 'Update Neovim.')
  end
  health.ok('Neovim ' .. tostring(vim.version()))
  local program, where = server.program()
  if not program then
    health.error('No server: ' .. where, server.advice)
  elseif M._answers(program, where) then
    M._clients()
    M._doctor(program)
  end
  M._guards()
  M._traces()
end

local function run(program, arguments)
  local command = vim.list_extend(vim.deepcopy(program), arguments)
  local ran, process = pcall(vim.system, command, { text = true, cwd = vim.uv.os_homedir() })
  return ran and process:wait(15000) or { code = -1, stdout = '' }
end

function M._answers(program, where)
  local answer = run(program, { '--version' })
  local line = table.concat(program, ' ')
  if answer.code ~= 0 then
    health.error(
      ('Server: "%s" (from %s) does not run.'):format(line, where),
      'Run it with --version in a terminal; if that fails too, install it anew.'
    )
    return false
  end
  health.ok(('Server: %s, %s (from %s)'):format(vim.trim(answer.stdout), line, where))
  return true
end

function M._clients()
  if not require('tightlip').enabled() then
    local advice = "Call vim.lsp.enable('tightlip'), or do not set vim.g.tightlip_enabled = false."
    return health.warn('Client: not enabled, so nothing is checked.', advice)
  end
  local client = server.client()
  if not client then
    return health.info('Client: the server is not running; it starts with the first file.')
  end
  local buffers = vim.tbl_count(client.attached_buffers)
  health.ok(('Client: attached to %d buffer%s'):format(buffers, buffers == 1 and '' or 's'))
  local worker = status.worker()
  if worker == 'failed' then
    local advice =
      'tightlip doctor says why. Until it runs, names and addresses in prose are not found; keys and identifiers are.'
    health.warn('Worker: failed', advice)
  elseif worker then
    health.ok('Worker: ' .. (workers[worker] or worker))
  end
end

local told_as = { ok = health.ok, warn = health.warn, off = health.info }

--- Which assistants' plug-ins are here, and what stands before them.
function M._guards()
  health.start('tightlip: guards')
  for _, problem in ipairs(require('tightlip.settings').problems()) do
    health.warn(problem)
  end
  local policy, settings = require('tightlip.policy'), require('tightlip.settings')
  local copy = settings.guard('copy') == 'off' and 'off' or 'a warning'
  health.info('Clipboard: ' .. copy .. (policy.requires('copy') and ', required by policy' or ''))
  local found = require('tightlip.guard').report()
  for _, guard in ipairs(found) do
    told_as[guard.state](('%s: %s'):format(guard.plugin, guard.sentence), guard.advice)
  end
  if #found == 0 then
    health.info('No plug-in of an assistant that tightlip knows: codecompanion, CopilotChat, copilot.lua, avante.')
  end
  if policy.requires('send') then
    health.info('The policy requires the guard of what is sent.')
  end
end

local told_of = { 'rules', 'organisation', 'policy', 'key' }

--- What `tightlip doctor` says about each folder: rules, policies, key.
function M._doctor(program)
  local client = server.client()
  local folders = client and client.workspace_folders or {}
  for _, folder in ipairs(#folders > 0 and folders or { { name = vim.fn.getcwd() } }) do
    local lines = vim.split(run(program, { 'doctor', '--no-deep', folder.name }).stdout, '\n')
    local said = false
    for number, line in ipairs(lines) do
      local mark, name, what = line:match('^(%S%S)  (%l+) +(.+)$')
      if vim.list_contains(told_of, name) then
        said = true
        local title = ('%s%s: %s'):format(name:sub(1, 1):upper(), name:sub(2), what)
        if mark == 'ok' then
          health.ok(title)
        else
          health.error(title, ((lines[number + 1] or ''):gsub('^%s*%->%s*', '')))
        end
      end
    end
    if not said then
      health.warn('`tightlip doctor` says nothing of ' .. folder.name, 'Run it there in a terminal.')
    end
  end
end

--- Neovim keeps text in places a redaction does not reach.
function M._traces()
  if vim.o.undofile then
    health.info("'undofile' is set: undo files on disk keep what was redacted, see :help tightlip-traces")
  end
end

return M
