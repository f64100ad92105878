// Never ends; tells the test which process it is.
require("node:fs").writeFileSync(process.env.HANGS_PID_FILE, String(process.pid));
setInterval(() => {}, 1000);
