using DrMesh.Engines.PostgreSql.Backup;
using DrMesh.Engines.PostgreSql.Pages;
using DrMesh.TestKit.Servers;

namespace DrMesh.Engines.PostgreSql.Tests.Pages;

public sealed class PageChecksumTests
{
    [Fact]
    public async Task IsValid_EveryPageOfAStoppedServer_AndNoneWithAFlippedBit()
    {
        await using var server = await PostgresServer.StartNewAsync();
        await server.StopAsync();

        long checkedPages = 0;
        var random = new Random(7);
        foreach (var file in DataDirectoryScan.Run(server.DataDirectory).Where(file => file.Relation is not null))
        {
            var bytes = await File.ReadAllBytesAsync(file.FullPath, TestContext.Current.CancellationToken);
            for (var block = 0; block < bytes.Length / PageFormat.Size; block++)
            {
                var page = bytes.AsSpan(block * PageFormat.Size, PageFormat.Size);
                PageFormat.IsValid(page, (uint)block).ShouldBeTrue($"{file.Path} block {block}");
                page[random.Next(16, PageFormat.Size)] ^= 1;
                PageFormat.IsValid(page, (uint)block).ShouldBeFalse($"{file.Path} block {block} with a flipped bit");
                checkedPages++;
            }
        }

        checkedPages.ShouldBeGreaterThan(1000);
    }

    [Theory]
    [InlineData("base/5/16384", "base/5/16384", RelationFork.Main, 0, false)]
    [InlineData("base/5/16384.3", "base/5/16384", RelationFork.Main, 3, false)]
    [InlineData("base/5/16384_fsm", "base/5/16384", RelationFork.FreeSpace, 0, false)]
    [InlineData("base/5/16384_vm.1", "base/5/16384", RelationFork.Visibility, 1, false)]
    [InlineData("base/5/16384_init", "base/5/16384", RelationFork.Init, 0, false)]
    [InlineData("base/5/t3_16384_fsm", "base/5/16384", RelationFork.FreeSpace, 0, true)]
    [InlineData("global/1260", "global/1260", RelationFork.Main, 0, false)]
    [InlineData("pg_tblspc/16400/PG_15_202209061/5/16401.1", "pg_tblspc/16400/PG_15_202209061/5/16401", RelationFork.Main, 1, false)]
    internal void TryParse_RelationFile_IsTakenApart(string path, string relation, RelationFork fork, int segment, bool isTemporary) =>
        RelationPath.TryParse(path).ShouldBe(new RelationPath(relation, fork, segment, isTemporary));

    [Theory]
    [InlineData("base/5/PG_VERSION")]
    [InlineData("base/5/pg_filenode.map")]
    [InlineData("pg_xact/0000")]
    [InlineData("base/5/16384_tmp")]
    [InlineData("base/pgsql_tmp/16384")]
    [InlineData("global/pg_control")]
    public void TryParse_OtherFiles_BelongToNoRelation(string path) => RelationPath.TryParse(path).ShouldBeNull();
}
