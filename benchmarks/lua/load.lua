-- Requests from a template, every one different.
--
-- wrk ... -s load.lua URL -- TEMPLATE FIRST [LINES]
--
-- TEMPLATE is a file with one HTTP request without Content-Length. {seed} in it becomes FIRST, FIRST + 1, ...; {line}
-- becomes the lines of the file LINES in turn, beginning at line FIRST modulo their number.

local head, body, lines = {}, {}, {}
local number = 0

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

-- The pieces of a text; a placeholder is a piece of its own.
local function split(text)
  local pieces, from = {}, 1
  while true do
    local first, last = text:find("{%l+}", from)
    if not first then break end
    table.insert(pieces, text:sub(from, first - 1))
    table.insert(pieces, text:sub(first, last))
    from = last + 1
  end
  table.insert(pieces, text:sub(from))
  return pieces
end

local function fill(pieces)
  if #pieces == 1 then return pieces[1] end
  local filled = {}
  for index, piece in ipairs(pieces) do
    if piece == "{seed}" then
      filled[index] = string.format("%d", number)
    elseif piece == "{line}" then
      filled[index] = lines[number % #lines + 1]
    else
      filled[index] = piece
    end
  end
  return table.concat(filled)
end

function init(args)
  local text = read(args[1])
  local stop = text:find("\r\n\r\n", 1, true)
  head, body = split(text:sub(1, stop + 1)), split(text:sub(stop + 4))
  number = tonumber(args[2])
  if args[3] then
    for line in read(args[3]):gmatch("[^\n]+") do table.insert(lines, line) end
  end
end

function request()
  local payload = fill(body)
  local text = fill(head)
  number = number + 1
  if payload == "" then return text .. "\r\n" end
  return text .. "Content-Length: " .. #payload .. "\r\n\r\n" .. payload
end

-- One line of JSON, the last of the output.
function done(summary, latency)
  local errors = summary.errors
  local bad = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format(
    '{"requests": %d, "microseconds": %d, "bytes": %.0f, "errors": %d, "p50": %.0f, "p99": %.0f}\n',
    summary.requests, summary.duration, summary.bytes, bad, latency:percentile(50), latency:percentile(99)
  ))
end
