-- What the environment's WORK names: create, list or patch; `flood` and `alone` are lists of the first and of the last
-- organization, the latter with pauses. KEYS_FILE holds a key a line, those of an organization together, IDS_FILE an
-- organization's key and one of its invoices a line; RUN is new for each run.
local work, run = os.getenv("WORK"), os.getenv("RUN") or "0"
local threads = 0
setup = function(thread) threads = threads + 1; thread:set("tid", threads) end

local function lines_of(name)
  local found = {}
  for line in io.lines(os.getenv(name)) do found[#found + 1] = line end
  return found
end

local n, keys, ids, reqs = 0, {}, {}, {}
local filters = {
  "limit=50",
  "status=paid&limit=50",
  "status=sent&dateFrom=2025-03-01&dateTo=2025-09-30&limit=50",
  "search=acme&limit=50",
}
local items = '"items":['
for i = 1, 3 do
  items = items .. (i > 1 and "," or "") .. '{"description":"Consulting, week ' .. i ..
    '","quantity":"7.5","unitPrice":"120.00","taxRate":"21"}'
end

local function headers(key)
  return { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. key }
end

init = function(args)
  math.randomseed(os.time() + tid)
  keys = lines_of("KEYS_FILE")
  if work == "patch" then ids = lines_of("IDS_FILE") end
  if work == "flood" then keys = { keys[1], keys[2] } end
  if work == "alone" then keys = { keys[#keys - 1], keys[#keys] } end
  if work == "list" or work == "flood" or work == "alone" then
    for _, key in ipairs(keys) do
      for _, filter in ipairs(filters) do
        reqs[#reqs + 1] = wrk.format("GET", "/api/v1/invoices?" .. filter, headers(key))
      end
    end
  end
end

if work == "alone" then
  delay = function() return math.random(5, 25) end -- milliseconds
end

request = function()
  n = n + 1
  if #reqs > 0 then return reqs[math.random(#reqs)] end
  if work == "patch" then
    local key, id = ids[math.random(#ids)]:match("(%S+) (%S+)")
    return wrk.format("PATCH", "/api/v1/invoices/" .. id, headers(key), '{"notes":"Note ' .. run .. "-" .. tid .. "-" .. n .. '"}')
  end
  local number = work == "create" and '"invoiceNumber":"B' .. run .. "-" .. tid .. "-" .. n .. '",' or ""
  return wrk.format("POST", "/api/v1/invoices", headers(keys[math.random(#keys)]), "{" .. number ..
    '"clientId":"northwind","clientName":"Northwind Traders Ltd","currency":"EUR","invoiceDate":"2025-06-01","dueDate":"2025-07-01",' ..
    items .. "]}")
end
