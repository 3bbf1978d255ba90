--- One judgement on everything that is about to go to an assistant, for all plug-ins.
local ask = require('tightlip.ask')
local policy = require('tightlip.policy')
local settings = require('tightlip.settings')

local M = {}

---@class tightlip.Part something that is about to go
---@field text string? nil where only the file itself is looked at
---@field uri string? of the file it comes from
---@field languageId string?
---@field name string? what to call it, where there is more than one place to look for it
---@field fixed boolean? its text is not the guard's to change

---@class tightlip.Verdict
---@field may 'send'|'ask'|'stop'
---@field sentence string why; "" when there is nothing to say
---@field curable boolean whether placeholders would make it right
---@field elsewhere boolean whether the cause lies in a file, not in what was typed
---@field answers table<integer, table> the server's answer by number of part
---@field decision string the strictest of the server's decisions
---@field rules string[]

local strictness = { off = 0, info = 1, warn = 2, ask = 3, block = 4 }
local UNCHECKED = { ['failed'] = true, ['too-large'] = true, ['too-many'] = true }

--- What a person let go once is let go again, or a chat could not go on: hashes of values, by surface, in memory only.
local let_go = {} ---@type table<string, table<string, true>>

local function hash_of(text, finding)
  return vim.fn.sha256(vim.fn.strcharpart(text, finding.start, finding['end'] - finding.start))
end

local function is_let_go(part, answer, surface)
  return #answer.findings > 0
    and vim.iter(answer.findings):all(function(finding)
      return (let_go[surface] or {})[hash_of(part.text, finding)] == true
    end)
end

--- Lets the values of a verdict go from now on, for as long as Neovim runs.
---@param parts tightlip.Part[]
---@param verdict tightlip.Verdict
---@param surface string
function M.let_go(parts, verdict, surface)
  let_go[surface] = let_go[surface] or {}
  for index, answer in pairs(verdict.answers) do
    for _, finding in ipairs(answer.findings) do
      let_go[surface][hash_of(parts[index].text, finding)] = true
    end
  end
end

--- Whether the guard of what is sent is off. A policy may forbid that, so it does not count before the policy is known;
--- without a server there is none.
---@return boolean
function M.is_off()
  if settings.guard('send') ~= 'off' then
    return false
  end
  if not policy.get() and ask.client(settings.patience()) then
    vim.wait(ask.STARTING_MS, policy.get, 5)
    return policy.get() ~= nil and settings.guard('send') == 'off'
  end
  return settings.guard('send') == 'off'
end

local function questions_about(parts)
  local questions, asked, uris = {}, {}, {}
  for index, part in ipairs(parts) do
    if part.text and part.text:find('%S') then
      local parameters = { text = part.text, uri = part.uri, languageId = part.languageId }
      table.insert(questions, { method = 'tightlip/checkText', parameters = parameters })
      asked[#questions] = index
    end
    if part.uri and not vim.list_contains(uris, part.uri) then
      table.insert(uris, part.uri)
    end
  end
  if #uris > 0 then
    table.insert(questions, { method = 'tightlip/classify', parameters = { uris = uris } })
  end
  return questions, asked
end

local function unanswered(why)
  local may = settings.sends_unanswered() and 'send' or 'stop'
  local sentence = ('This could not be checked: %s.'):format((why:gsub('%.$', '')))
  return {
    may = may,
    sentence = sentence,
    curable = false,
    elsewhere = false,
    answers = {},
    decision = 'off',
    rules = {},
  }
end

local function unchecked_notice(answer)
  return vim.iter(answer.notices or {}):find(function(notice)
    return UNCHECKED[notice.code]
  end)
end

local function sorted(questions, asked, replies)
  local answers, classified = {}, {}
  for number, question in ipairs(questions) do
    if question.method == 'tightlip/classify' then
      classified = replies[number].restricted
    else
      answers[asked[number]] = replies[number]
    end
  end
  return answers, classified
end

--- Asks the server about all of it and waits for the answer.
---@param parts tightlip.Part[]
---@param surface string for example "neovim:codecompanion"
---@return tightlip.Verdict
function M.judge(parts, surface)
  local questions, asked = questions_about(parts)
  if #questions == 0 then
    return M._weigh(parts, {}, {}, surface)
  end
  local replies, why = ask.all(questions, settings.patience())
  if not replies then
    return unanswered(why)
  end
  local answers, classified = sorted(questions, asked, replies)
  return M._weigh(parts, answers, classified, surface)
end

--- The same without waiting; `done` is called only if the server answers.
---@param parts tightlip.Part[]
---@param surface string
---@param done fun(verdict: tightlip.Verdict)
function M.judge_later(parts, surface, done)
  local questions, asked = questions_about(parts)
  if #questions == 0 then
    return
  end
  ask.later(questions, function(replies)
    if replies then
      local answers, classified = sorted(questions, asked, replies)
      done(M._weigh(parts, answers, classified, surface))
    end
  end)
end

function M._weigh(parts, answers, classified, surface)
  local verdict = { curable = true, elsewhere = false, answers = answers, decision = 'off', rules = {} }
  local said = {}
  local function say(action, sentence, cure)
    if strictness[action] > strictness[verdict.decision] then
      verdict.decision = action
    end
    if strictness[action] >= strictness.ask then
      verdict.curable = verdict.curable and cure == 'here'
      verdict.elsewhere = verdict.elsewhere or cure == 'elsewhere'
    end
    if strictness[action] >= strictness.warn and sentence ~= '' and not vim.list_contains(said, sentence) then
      table.insert(said, sentence)
    end
  end
  for index, part in ipairs(parts) do
    local answer, class = answers[index], part.uri and classified[part.uri]
    if class then
      say(class.action, class.sentence, 'elsewhere')
    end
    if answer then
      local notice = unchecked_notice(answer)
      if notice and not settings.sends_unanswered() then
        say('block', notice.message, 'none')
      end
      local restricted = type(answer.restricted) == 'string' and answer.restricted
      if restricted then
        say('block', restricted, 'elsewhere')
      elseif not is_let_go(part, answer, surface) and not (class and answer.summary == '') then
        local sentence = answer.summary ~= '' and answer.summary or M._first_reason(answer)
        sentence = part.name and sentence ~= '' and part.name .. ': ' .. sentence or sentence
        say(answer.decision, sentence, part.fixed and 'elsewhere' or 'here')
        if strictness[answer.decision] >= strictness.warn then
          vim.list_extend(verdict.rules, M._rules(answer))
        end
      end
    end
  end
  verdict.may = verdict.decision == 'block' and 'stop' or verdict.decision == 'ask' and 'ask' or 'send'
  verdict.sentence = table.concat(said, ' ')
  return verdict
end

function M._first_reason(answer)
  local reason = (answer.reasons or {})[1]
  return reason and reason.text or ''
end

function M._rules(answer)
  return vim.tbl_map(function(finding)
    return finding.rule
  end, answer.findings)
end

--- Whether an answer is about something that may not go as it is.
---@param part tightlip.Part
---@param answer table the server's answer to `tightlip/checkText`
---@param surface string
function M.stops(part, answer, surface)
  if type(answer.restricted) == 'string' or unchecked_notice(answer) and not settings.sends_unanswered() then
    return true
  end
  return strictness[answer.decision] >= strictness.ask and not is_let_go(part, answer, surface)
end

---@class tightlip.Way a plug-in's way to an assistant
---@field surface string
---@field curable boolean? whether the guard can put placeholders into it
---@field cure string? what the person can do about what was typed, one sentence
---@field elsewhere string? the same about what comes from a file

--- What becomes of it, after the setting and, where the policy says so, the person.
---@param parts tightlip.Part[]
---@param verdict tightlip.Verdict
---@param way tightlip.Way
---@return 'send'|'redact'|'stop'
function M.settle(parts, verdict, way)
  if verdict.may == 'send' then
    return 'send'
  end
  local curable = verdict.curable and way.curable
  if curable and settings.guard('send') == 'redact' then
    M.record('sent-redacted', verdict, way)
    return 'redact'
  end
  if verdict.may == 'stop' or #vim.api.nvim_list_uis() == 0 then
    return 'stop'
  end
  local choices = curable and { '&Redact and send', '&Send anyway (recorded)', '&Cancel' }
    or { '&Send anyway (recorded)', '&Cancel' }
  local chosen = vim.fn.confirm('tightlip: ' .. verdict.sentence, table.concat(choices, '\n'), #choices, 'Warning')
  local word = choices[chosen] or '&Cancel'
  if word == '&Cancel' then
    M.record('cancelled', verdict, way)
    return 'stop'
  elseif word == '&Redact and send' then
    M.record('sent-redacted', verdict, way)
    return 'redact'
  end
  M.record('sent-anyway', verdict, way)
  M.let_go(parts, verdict, way.surface)
  return 'send'
end

--- What to tell the person when it was stopped.
---@param verdict tightlip.Verdict
---@param way tightlip.Way
---@return string
function M.refusal(verdict, way)
  local cure = verdict.curable and way.cure or verdict.elsewhere and way.elsewhere or ''
  return vim.trim(('not sent. %s %s'):format(verdict.sentence, cure))
end

--- Keeps what was decided, without the text. Nothing waits for it.
---@param event 'sent-anyway'|'sent-redacted'|'cancelled'
---@param verdict tightlip.Verdict
---@param way tightlip.Way
function M.record(event, verdict, way)
  local client = require('tightlip.server').client()
  if client then
    local entry = { event = event, surface = way.surface, decision = verdict.decision, rules = verdict.rules }
    client:request('tightlip/record', entry, function(err)
      if err then
        vim.notify('tightlip: the decision could not be recorded. ' .. err.message, vim.log.levels.WARN)
      end
    end)
  end
end

return M
