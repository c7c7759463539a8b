using System.CommandLine;

return await new RootCommand("DrMesh: backup and disaster recovery across regions").Parse(args).InvokeAsync();
