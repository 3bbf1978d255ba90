--- Finds the language server, and starts it again when it dies.
local M = {}

local windows = vim.fn.has('win32') == 1
local QUICK_DEATHS, WITHIN_MS = 3, 3 * 60 * 1000
local deaths = {} ---@type integer[] milliseconds
local stopping = false

--- Whether the server died so often that it is left alone until someone asks for it.
M.given_up = false

--- Why the server was not started, or nil.
---@type string?
M.missing = nil

M.advice = 'Install it with "pipx install tightlip" or "uv tool install tightlip", '
  .. 'or set vim.g.tightlip_cmd or $TIGHTLIP_PATH to where it is.'

--- The program and its first arguments, without a subcommand: `vim.g.tightlip_cmd` (string or list), else
--- `$TIGHTLIP_PATH`, else `tightlip` on PATH. The active virtual environment and relative folders are left out,
--- for what is checked must not choose its checker.
---@return string[]? program, string where it was found, or why not
function M.program()
  local set = vim.g.tightlip_cmd
  if set then
    local program = type(set) == 'table' and set or { set }
    return M._runs(program, 'vim.g.tightlip_cmd')
  end
  local path = vim.env.TIGHTLIP_PATH
  if path and path ~= '' then
    return M._runs({ path }, '$TIGHTLIP_PATH')
  end
  return M._on_path()
end

--- The command line of the language server, or nil where there is none.
---@return string[]?
function M.command()
  local program = M.program()
  return program and vim.list_extend(vim.deepcopy(program), { 'server' })
end

--- What stands in the configuration while there is no server: Neovim does not start what is not executable. Not
--- "tightlip", which might be one that was passed over.
function M.absent()
  return { '(no tightlip found, see :checkhealth tightlip)' }
end

function M._runs(program, where)
  if vim.fn.executable(program[1]) == 1 then
    return program, where
  end
  return nil, ('%s names "%s", which cannot be run.'):format(where, program[1])
end

function M._on_path()
  local venv = vim.fs.normalize(vim.env.VIRTUAL_ENV or '') .. '/'
  local passed_over
  for folder in vim.gsplit(vim.env.PATH or '', windows and ';' or ':', { plain = true }) do
    local found = vim.fn.isabsolutepath(folder) == 1 and vim.fn.exepath(vim.fs.joinpath(folder, 'tightlip')) or ''
    if found ~= '' and venv ~= '/' and vim.startswith(vim.fs.normalize(folder) .. '/', venv) then
      passed_over = found
    elseif found ~= '' then
      return { found }, 'PATH'
    end
  end
  if passed_over then
    return nil, ('"%s" is in the active virtual environment, where a project could replace it.'):format(passed_over)
  end
  return nil, 'No program "tightlip" on PATH.'
end

---@return vim.lsp.Client?
function M.client()
  return vim.iter(vim.lsp.get_clients({ name = 'tightlip' })):find(function(client)
    return not client:is_stopped()
  end)
end

--- Why nothing is checked, or nil while all is well.
---@return string?
function M.trouble()
  return M.given_up and 'the server stopped again and again' or M.missing
end

--- Stops the server if it runs, looks for its program again and serves every open buffer with it.
function M.restart()
  deaths = {}
  M.given_up = false
  stopping = true
  local running = vim.lsp.get_clients({ name = 'tightlip', _uninitialized = true })
  for _, client in ipairs(running) do
    client:stop()
  end
  local gone = vim.wait(2000, function()
    return #vim.lsp.get_clients({ name = 'tightlip', _uninitialized = true }) == 0
  end, 20)
  if not gone then
    for _, client in ipairs(running) do
      client:stop(true)
    end
  end
  stopping = false
  M._start()
end

function M._start()
  vim.lsp.config('tightlip', {}) -- forgets the resolved configuration, and with it the old command
  require('tightlip').attach_all()
end

--- Called on Neovim's loop when a server process is gone.
---@param code integer
---@param signal integer
function M.on_exit(code, signal)
  local asked_for = stopping or code == 0 and (signal == 0 or signal == 15)
  vim.schedule(function()
    require('tightlip.status').server_gone()
    if asked_for or vim.v.exiting ~= vim.NIL then
      return
    end
    local now = vim.uv.now()
    deaths = vim.tbl_filter(function(death)
      return now - death < WITHIN_MS
    end, deaths)
    table.insert(deaths, now)
    M.given_up = #deaths > QUICK_DEATHS
    if M.given_up then
      local message = 'tightlip: the server stopped %d times in a row, so files are no longer checked. '
        .. ':Tightlip log says why, :Tightlip restart tries again.'
      return vim.notify(message:format(#deaths), vim.log.levels.ERROR)
    end
    vim.defer_fn(M._start, 500 * #deaths)
  end)
end

return M
