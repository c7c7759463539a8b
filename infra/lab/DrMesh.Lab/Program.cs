using System.CommandLine;
using DrMesh.Contracts.Errors;
using DrMesh.Lab.Commands;
using DrMesh.Lab.Demo;
using DrMesh.Lab.Namespaces;
using DrMesh.Lab.Worlds;

if (args is [Keeper.Command, var folder])
{
    await Keeper.ServeAsync(new WorldFolder(folder), Console.In, TimeProvider.System);
    return ExitCodes.Done;
}

if (args is [RegionWriters.Command, var world, var part])
{
    await RegionWriters.ServeAsync(new WorldFolder(world), part, Console.In);
    return ExitCodes.Done;
}

if (args is [DelayLine.Command, _, var delayed, var milliseconds])
{
    await DelayLine.ServeAsync(delayed, TimeSpan.FromMilliseconds(int.Parse(milliseconds, System.Globalization.CultureInfo.InvariantCulture)));
    return ExitCodes.Done;
}

var root = new RootCommand("DrMesh: the demo and the lab") { DemoCommand.Create(), LabCommand.Create() };
try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("drmesh: interrupted; nothing of it runs any more");
    return ExitCodes.Failed;
}
catch (DrMeshException fault)
{
    await Console.Error.WriteLineAsync($"drmesh: {fault.Message}; {fault.Hint}");
    return ExitCodes.For(fault.Code);
}
catch (Exception fault)
{
    await Console.Error.WriteLineAsync($"drmesh: {fault.GetType().Name}: {fault.Message}; run it again, and if it stays so report this:\n{fault.StackTrace}");
    return ExitCodes.For(DrMeshError.Unexpected);
}
