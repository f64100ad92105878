process.stderr.write("gave up\n");
process.exit(3);
