-- wrk -s post.lua URL -- BODYFILE HEADER…: posts one body, with subjects that take turns, and prints what happened in one line.
-- In the body @subject@ is filled in; a header X-Quotary-Subject is sent too, for the gateway.
local SUBJECTS = 64
local requests = {}
local turn = 0

function init(args)
  local file = assert(io.open(args[1]))
  local body = file:read("*a")
  file:close()
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  for i = 2, #args do
    local name, value = args[i]:match("^([^:]+): (.*)$")
    wrk.headers[name] = value
  end
  for i = 1, SUBJECTS do
    wrk.headers["X-Quotary-Subject"] = "user-" .. i
    wrk.headers["X-Quotary-Session"] = "session-" .. i
    requests[i] = wrk.format(nil, nil, nil, (body:gsub("@subject@", "user-" .. i):gsub("@session@", "session-" .. i)))
  end
end

function request()
  turn = turn % SUBJECTS + 1
  return requests[turn]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("ok=%d errors=%d seconds=%.3f p50_ms=%.3f p99_ms=%.3f\n",
    summary.requests - errors.status,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    summary.duration / 1e6,
    latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3))
end
