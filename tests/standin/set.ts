// `npm run standin -- set URN path=JSON`
import { worldCommand } from "./world-command";

process.exitCode = worldCommand(process.argv.slice(2), (text) => process.stdout.write(text));
