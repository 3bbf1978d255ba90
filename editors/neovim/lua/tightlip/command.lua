--- `:Tightlip`
local server = require('tightlip.server')
local status = require('tightlip.status')
local text = require('tightlip.text')

local M = {}

---@class tightlip.Place where a command acts
---@field buf integer
---@field lines [integer, integer]? the range: first line and the line behind the last, from 0
---@field whole boolean asked for with a bang
---@field argument string?

local function say(message, level)
  vim.notify('tightlip: ' .. message, level or vim.log.levels.INFO)
end

local function count(number, thing)
  return ('%d %s%s'):format(number, thing, number == 1 and '' or 's')
end

--- The running client, or nil after saying that there is none.
local function running()
  local client = server.client()
  if client then
    return client
  end
  say(
    'the server is not running. :Tightlip restart starts it, :checkhealth tightlip says what is missing.',
    vim.log.levels.WARN
  )
end

local REFUSED = -32803 -- LSP's RequestFailed: the request was right, and the answer is no

--- Asks the server; `answered` is called with a result only, an error is shown. Returns the request's id.
local function ask(client, method, parameters, buf, answered)
  local _, id = client:request(method, parameters, function(err, result)
    if err then
      return say(err.message, err.code == REFUSED and vim.log.levels.WARN or vim.log.levels.ERROR)
    end
    answered(result)
  end, buf)
  return id
end

local function execute(client, name, arguments, buf, answered)
  return ask(
    client,
    'workspace/executeCommand',
    { command = 'tightlip.' .. name, arguments = arguments },
    buf,
    answered
  )
end

local function is_served(client, buf)
  return client.attached_buffers[buf] ~= nil
end

local function has_finding(buf, line)
  return vim.iter(vim.diagnostic.get(buf, { lnum = line })):any(function(diagnostic)
    return diagnostic.source == 'tightlip' and diagnostic.code ~= 'restricted'
  end)
end

--- Whole lines as the server's range: from line `first` to the one before `last`, counted from 0.
local function range_of(client, buf, first, last)
  local stop = { line = last, character = 0 }
  if last == vim.api.nvim_buf_line_count(buf) then
    local text_of_last = vim.api.nvim_buf_get_lines(buf, last - 1, last, true)[1]
    stop = { line = last - 1, character = vim.str_utfindex(text_of_last, client.offset_encoding) }
  end
  return { start = { line = first, character = 0 }, ['end'] = stop }
end

--- The range a command was given, exact where it is that of a characterwise selection; nil without one.
local function selected(client, place)
  if not place.lines then
    return nil
  end
  local from, to = vim.api.nvim_buf_get_mark(place.buf, '<'), vim.api.nvim_buf_get_mark(place.buf, '>')
  if vim.fn.visualmode() == 'v' and from[1] == place.lines[1] + 1 and to[1] == place.lines[2] then
    return vim.lsp.util.make_given_range_params(from, to, place.buf, client.offset_encoding).range
  end
  return range_of(client, place.buf, place.lines[1], place.lines[2])
end

--- Replaces a buffer the server does not hold by what it answers to `method`.
local function replace_by(client, method, key, place, said)
  local first, last = 0, vim.api.nvim_buf_line_count(place.buf)
  if place.lines and method == 'tightlip/restore' then
    first, last = unpack(place.lines)
  end
  local before = vim.api.nvim_buf_get_changedtick(place.buf)
  local parameters = { text = text.of(place.buf, first, last), languageId = vim.bo[place.buf].filetype }
  ask(client, method, parameters, place.buf, function(result)
    if vim.api.nvim_buf_get_changedtick(place.buf) ~= before then
      return say('the text changed meanwhile; nothing was done.', vim.log.levels.WARN)
    end
    text.replace(place.buf, first, last, result[key])
    said(result)
  end)
end

local function said_redacted(result)
  local number = result.count or #result.findings
  if result.applied == false and number > 0 then
    return say('the text changed meanwhile; nothing was done.', vim.log.levels.WARN)
  end
  say(number == 0 and 'nothing to redact.' or count(number, 'place') .. ' redacted.')
end

local function said_restored(result)
  local message = result.restored == 0 and 'nothing to put back.' or count(result.restored, 'value') .. ' put back.'
  if #result.unknown > 0 then
    message = message .. ' Not known here: ' .. table.concat(result.unknown, ', ') .. '.'
  end
  say(message, #result.unknown > 0 and vim.log.levels.WARN or nil)
end

---@type table<string, fun(place: tightlip.Place)>
local commands = {}

--- The values on this line or in the selection; with a bang all of the file's; in a chat all that is sent with it.
function commands.redact(place)
  local client = running()
  if not client then
    return
  elseif place.argument == 'clipboard' then
    return M._redact_clipboard(client, place)
  elseif require('tightlip.guard.codecompanion').redact(place.buf) then
    return
  elseif not is_served(client, place.buf) then
    return replace_by(client, 'tightlip/checkText', 'redacted', place, said_redacted)
  end
  local uri = vim.uri_from_bufnr(place.buf)
  if place.whole then
    return execute(client, 'redactDocument', { uri }, place.buf, said_redacted)
  end
  local range = selected(client, place)
  local line = vim.api.nvim_win_get_cursor(0)[1] - 1
  if not range and not has_finding(place.buf, line) then
    return say('nothing found on this line. :Tightlip redact! redacts the whole file.')
  end
  range = range or range_of(client, place.buf, line, line + 1)
  execute(client, 'redactSelection', { uri, range }, place.buf, said_redacted)
end

function M._redact_clipboard(client, place)
  local parameters = { text = text.copied(), languageId = vim.bo[place.buf].filetype }
  ask(client, 'tightlip/checkText', parameters, place.buf, function(result)
    if #result.findings == 0 then
      return say('nothing to redact in the clipboard.')
    end
    text.copy(result.redacted)
  end)
end

--- Values back into the selection or the buffer; `clipboard`: into a register, from the clipboard.
function commands.restore(place)
  local client = running()
  if not client then
    return
  elseif place.argument == 'clipboard' then
    return M._restore_clipboard(client, place)
  elseif not is_served(client, place.buf) then
    return replace_by(client, 'tightlip/restore', 'text', place, said_restored)
  end
  execute(client, 'restore', { vim.uri_from_bufnr(place.buf), selected(client, place) }, place.buf, said_restored)
end

--- The values go to the unnamed register only: the clipboard is for every program to read.
function M._restore_clipboard(client, place)
  local parameters = { text = text.copied(), languageId = vim.bo[place.buf].filetype }
  ask(client, 'tightlip/restore', parameters, place.buf, function(result)
    vim.fn.setreg('"', result.text)
    said_restored(result)
  end)
end

--- Redacted text of the selection or the buffer, to the clipboard. The server answers with `tightlip/copyText`.
function commands.copy(place)
  local client = running()
  if not client then
    return
  elseif is_served(client, place.buf) then
    return execute(
      client,
      'copyRedacted',
      { vim.uri_from_bufnr(place.buf), selected(client, place) },
      place.buf,
      function() end
    )
  end
  local first, last = unpack(place.lines or { 0, -1 })
  local parameters = { text = text.of(place.buf, first, last) .. '\n', languageId = vim.bo[place.buf].filetype }
  ask(client, 'tightlip/checkText', parameters, place.buf, function(result)
    text.copy(result.redacted)
  end)
end

local scan ---@type { client: vim.lsp.Client, id: integer }?

--- Looks through the workspace folders; a second one with a bang stops it.
function commands.scan(place)
  local client = running()
  if not client then
    return
  elseif #(client.workspace_folders or {}) == 0 then
    return say('no folder to look through: this file is in no repository and beside no tightlip.toml.')
  elseif place.whole then
    return M._stop_scan()
  elseif scan and scan.client == client then
    return say('still looking. :Tightlip scan! stops it.')
  end
  scan = { client = client }
  local function ended(err, result)
    scan = nil
    if err then
      return say('stopped looking.')
    end
    M._show_scan(result)
  end
  local parameters = { command = 'tightlip.scanWorkspace', arguments = {}, workDoneToken = 'tightlip.scan' }
  local _, id = client:request('workspace/executeCommand', parameters, ended, place.buf)
  scan = id and { client = client, id = id }
end

function M._stop_scan()
  if not scan then
    return say('nothing is being looked through.')
  end
  scan.client:notify('window/workDoneProgress/cancel', { token = 'tightlip.scan' })
end

local kinds = { 'E', 'W', 'I', 'N' }

--- One line for each rule in each file, the loudest first.
local function listed(results)
  table.sort(results, function(a, b)
    if a.severity ~= b.severity then
      return a.severity < b.severity
    elseif a.uri ~= b.uri then
      return a.uri < b.uri
    end
    return a.line < b.line
  end)
  return vim.tbl_map(function(group)
    local times = group.count > 1 and (' (%d)'):format(group.count) or ''
    return {
      filename = vim.uri_to_fname(group.uri),
      lnum = group.line + 1,
      col = 1,
      type = kinds[group.severity],
      text = group.title .. times,
    }
  end, results)
end

function M._show_scan(result)
  local files, findings = count(result.files, 'file'), count(result.findings, 'finding')
  local found = ('%s in %s of %s'):format(findings, result.filesWithFindings, files)
  if result.restrictedFiles > 0 then
    found = ('%s; %s restricted'):format(
      found,
      count(result.restrictedFiles, 'file') .. ' ' .. (result.restrictedFiles == 1 and 'is' or 'are')
    )
  end
  say((result.cancelled and 'cancelled. ' or '') .. found .. '.')
  if #result.results > 0 then
    vim.fn.setqflist({}, ' ', { title = 'tightlip', items = listed(result.results) })
    vim.cmd('botright copen')
  end
end

function commands.report(place)
  local client = running()
  if client then
    execute(client, 'showReport', {}, place.buf, function() end)
  end
end

local function standing(known)
  if not known then
    return 'this buffer is not checked.'
  elseif known.state == 'checking' then
    return 'being checked.'
  elseif known.sentence and known.sentence ~= '' then
    return known.sentence
  end
  return known.count == 0 and 'nothing found.' or count(known.count, 'finding') .. '.'
end

--- How this buffer stands, then whatever is not as usual.
function commands.status(place)
  if not running() then
    return
  end
  local told = { standing(status.get(place.buf)) }
  local policy, settings = require('tightlip.policy').get(), require('tightlip.settings')
  if policy and vim.list_contains({ 'problem', 'untrusted' }, policy.state) then
    table.insert(told, policy.sentence)
  end
  for part, what in pairs({ send = 'Chats are', copy = 'The clipboard is' }) do
    if settings.guard(part) == 'off' then
      table.insert(told, what .. ' not guarded.')
    end
  end
  if status.worker() == 'failed' then
    table.insert(told, 'The worker failed: :checkhealth tightlip says what is not found without it.')
  end
  say(table.concat(told, ' '))
end

function commands.restart()
  if not require('tightlip').enabled() then
    return say("not enabled. :lua vim.lsp.enable('tightlip') turns it on.", vim.log.levels.WARN)
  end
  server.restart()
end

function commands.log()
  vim.cmd.tabedit(vim.fn.fnameescape(vim.lsp.get_log_path()))
  vim.cmd('normal! G')
end

---@param options vim.api.keyset.create_user_command.command_args
function M.run(options)
  local name, argument = options.fargs[1] or 'status', options.fargs[2]
  local whole = options.bang or vim.endswith(name, '!')
  local command = commands[(name:gsub('!$', ''))]
  if not command then
    local names = table.concat(vim.fn.sort(vim.tbl_keys(commands)), ', ')
    return say(('no command "%s". There are: %s.'):format(name, names), vim.log.levels.ERROR)
  end
  local buf = vim.api.nvim_get_current_buf()
  local place = { buf = buf, whole = whole, argument = argument }
  if options.range > 0 then
    place.lines = { options.line1 - 1, options.line2 }
  end
  command(place)
end

---@param typed string
---@param line string
---@return string[]
function M.complete(typed, line)
  local words = vim.split(line, '%s+')
  local at = 0
  for index, word in ipairs(words) do
    if word:find('Tightlip', 1, true) then
      at = index
    end
  end
  local choices = {}
  if #words - at <= 1 then
    choices = vim.list_extend(vim.tbl_keys(commands), { 'redact!', 'scan!' })
  elseif vim.list_contains({ 'redact', 'restore' }, words[at + 1]) then
    choices = { 'clipboard' }
  end
  return vim.fn.sort(vim.tbl_filter(function(choice)
    return vim.startswith(choice, typed)
  end, choices))
end

return M
