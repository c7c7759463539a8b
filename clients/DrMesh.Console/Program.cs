using DrMesh.Console;
using DrMesh.Console.Output;

return await ConsoleProgram.RunAsync(args, Terminal.OfThisProcess());
