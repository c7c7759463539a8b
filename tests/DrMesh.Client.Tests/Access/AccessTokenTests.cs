using DrMesh.Client.Access;
using DrMesh.Contracts.Errors;
using DrMesh.TestKit;

namespace DrMesh.Client.Tests.Access;

public sealed class AccessTokenTests : IAsyncLifetime
{
    private TestDirectory _directory = null!;

    private string TokenFile => Path.Combine(_directory.Path, "token");

    public async ValueTask InitializeAsync() => _directory = await TestDirectory.CreateAsync();

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Read_FirstLine_IsTheToken()
    {
        File.WriteAllText(TokenFile, "  secret \nsomething else\n");

        AccessToken.Read(TokenFile).Value.ShouldBe("secret");
        AccessToken.Read(null).Value.ShouldBeNull();
    }

    [Fact]
    public void Read_EmptyOrMissing_NamesTheFile()
    {
        File.WriteAllText(TokenFile, "\n");

        var empty = Should.Throw<DrMeshException>(() => AccessToken.Read(TokenFile));
        var missing = Should.Throw<DrMeshException>(() => AccessToken.Read(TokenFile + "2"));

        (empty.Code, empty.Message).ShouldBe((DrMeshError.NotAuthenticated, $"token file {TokenFile} is empty"));
        missing.Message.ShouldStartWith($"token file {TokenFile}2 cannot be read: ");
        missing.Hint.ShouldBe("correct DRMESH_TOKEN_FILE or tokenFile in the client file, or the file's mode");
    }
}
