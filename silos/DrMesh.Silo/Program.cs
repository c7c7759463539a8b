using System.CommandLine;
using DrMesh.Silo.Commands;

var root = new RootCommand("DrMesh: the processes of a mesh")
{
    GuardCommand.Create(),
    MeshCommand.Create(),
    SiloCommand.Create(),
    StoreCommand.Create(),
    CommandOutput.Option,
    Invocation.Verbose,
};
return await Invocation.RunAsync(root, args);
