namespace DrMesh.Scenarios.Console;

/// <summary>The tests of commands share one mesh and run one after another.</summary>
[CollectionDefinition(nameof(CommandMesh))]
public sealed class SharedCommandMesh : ICollectionFixture<CommandMesh>;
