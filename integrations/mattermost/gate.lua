-- Asks the checking service about the body of a request, and forwards what it answers instead of the original.
-- Nothing here reads or logs the text.

local UNAVAILABLE = "暂时无法检查这条消息，所以没有发送，请稍后再试。"

-- Answer as Mattermost answers an error, so that its clients understand.
local function refuse(status, body)
    ngx.status = status
    ngx.header["Content-Type"] = "application/json"
    ngx.print(body)
    return ngx.exit(status)
end

local method = ngx.req.get_method()
if method ~= "POST" and method ~= "PUT" then
    return
end

ngx.req.read_body()
local asked = ngx.location.capture("/compliance-check", { method = ngx.HTTP_POST, always_forward_body = true })
local outcome
for name, value in pairs(asked.header) do
    if name:lower() == "x-compliance-outcome" then
        outcome = value
    end
end

if outcome == "refuse" then
    return refuse(400, asked.body)
end
if (outcome == "send" or outcome == "replace") and not asked.truncated then
    ngx.req.set_body_data(asked.body)
    return
end

-- What the service cannot read (4xx) is refused whatever was configured: the server may read it otherwise.
local missing = asked.status >= 500 or asked.status == 429
if missing and ngx.var.compliance_unavailable == "send" then
    local count = ngx.shared.compliance:incr("unchecked", 1, 0)
    ngx.log(ngx.WARN, "request ", ngx.var.request_id, " passed unchecked (status ", asked.status, "); ", count, " since the start")
    return
end
ngx.log(ngx.ERR, "request ", ngx.var.request_id, " refused without a verdict (status ", asked.status, ")")
return refuse(503, '{"id":"compliance.unavailable","message":"' .. UNAVAILABLE .. '","detailed_error":"","status_code":503}')
