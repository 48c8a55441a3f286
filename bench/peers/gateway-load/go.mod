module breakwater.example/gateway-load

go 1.24
