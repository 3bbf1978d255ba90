-- The status line in every state it knows.
local seen = drive.seen
local short = require('tightlip').status
drive.wait_for(1)
drive.wait('a state', function()
  return short():find('%d')
end)
seen.findings = short()
seen.sentence = require('tightlip.status').get(0).sentence

local function told(name, handler, what)
  vim.lsp.config.tightlip.handlers[handler](nil, what)
  seen[name] = short()
end
local uri = vim.uri_from_bufnr(0)
local function status(name, state, count)
  told(name, 'tightlip/status', { uri = uri, state = state, count = count, worker = 'ready', sentence = '' })
end
local function policy(name, state, required)
  told(
    name,
    'tightlip/policy',
    { state = state, sentence = 'a word', files = {}, problems = {}, required = required or {} }
  )
end
status('safe', 'safe', 0)
status('checking_at_first', 'checking', 0)
vim.wait(700)
seen.checking = short()
status('restricted', 'restricted', 0)
policy('problem', 'problem')
status('safe_with_problem', 'safe', 0)
policy('untrusted', 'untrusted')
policy('well', 'absent')

vim.g.tightlip_guard_copy = 'off'
policy('required', 'ok', { 'copy' })
seen.overruled = require('tightlip.settings').guard('copy')

require('tightlip.server').given_up = true
seen.gone = short()
